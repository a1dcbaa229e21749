using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Tables;

/// <summary>The dataset <c>csv</c>: an image in each line, a pixel in each column, with an optional column of classes.</summary>
public static class CsvDataset
{
    private const string Path = "path";
    private const string ValidationPath = "validationPath";
    private const string TestPath = "testPath";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "csv",
            "a table of text, plain or gzip: an image in each line, a pixel in each column, and perhaps its class",
            [
                new FieldRule(Path, FieldKind.Path, "file of the training images") { Required = true },
                new FieldRule(ValidationPath, FieldKind.Path, "file of validation images of the same size; default: none of its own"),
                new FieldRule(TestPath, FieldKind.Path, "file of test images of the same size; default: no test split"),
                new FieldRule(
                    ImageLayout.SizeField.Name, FieldKind.IntegerList, "height and width of the images; default: square, if the columns allow it")
                {
                    Min = 1,
                    Max = 8192,
                },
                new FieldRule(
                    CsvTable.LabelColumn, FieldKind.Text,
                    "the column of the classes: its name, or its number from 0; none: no classes; default: a column label, class or target, or "
                    + "the first where the others are the pixels of the images"),
                new FieldRule(
                    CsvTable.Header, FieldKind.Flag, "whether the first line has the names of the columns; default: if it is not of numbers"),
                .. GreyScale.Fields, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the files that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        var notes = new List<string>();
        (ArrayImages training, LabelTable? labels) = Read(spec.Text(Path));
        return new DatasetPair(labels is null ? training : labels.On(training), HeldOut(TestPath))
        {
            Validation = HeldOut(ValidationPath),
            Notes = notes,
        };

        IDataset? HeldOut(string field)
        {
            if (!spec.Has(field)) return null;
            string path = spec.Text(field);
            (ArrayImages images, LabelTable? own) = Read(path);
            SameSize.Check(training, images, path);
            return own is null ? images : (labels is null ? own : own.As(labels.Names, path)).On(images);
        }

        (ArrayImages Images, LabelTable? Labels) Read(string path)
        {
            CsvTable table = CsvTable.Open(spec, path, options.Cache);
            ConvertedArray array = table.Array;
            var file = new FileBytes(table.CachePath, 0, array.ValueBytes);
            ByteSource bytes = options.Keeps(spec, file.Length, path) ? file.ToMemory() : file;
            ImageLayout layout = ImageLayout.Of(WithSize(spec, array.Shape[1], path), array.Shape, path);
            var images = new ArrayImages(spec.Name, path, layout, array.Type, bytes, GreyScale.Of(spec, array.Type, bytes, path));
            images.Check();
            if (images.DescribeRange() is { } range) notes.Add(range);
            return (images, array.Labels(table.CachePath) is { } classes ? new LabelTable(classes, array.Names) : null);
        }
    }

    private static MemberSpec WithSize(MemberSpec spec, int pixels, string path)
    {
        string name = ImageLayout.SizeField.Name;
        if (spec.Has(name)) return spec;
        if (CsvTable.SideOf(pixels) is not { } side)
        {
            throw new BadInputException(
                path, null, null, string.Create(
                    CultureInfo.InvariantCulture, $"has {pixels} columns of pixels, which are not a square; set {name}: [height, width]"));
        }

        return spec with { Values = new Dictionary<string, object>(spec.Values) { [name] = new long[] { side, side } } };
    }
}
