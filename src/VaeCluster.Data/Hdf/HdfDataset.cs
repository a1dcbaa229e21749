using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Hdf;

/// <summary>
/// The dataset <c>hdf5</c>: images in an HDF5 file, such as 3D Shapes, converted once to an array that the cache keeps. If the rows of its
/// labels are every combination of some values, they are factors; otherwise classes.
/// </summary>
public static class HdfDataset
{
    private const string Path = "path";
    private const string Images = "array";
    private const string Validation = "validationArray";
    private const string Test = "testArray";
    private const string Labels = "labels";
    private const string ValidationLabels = "validationLabels";
    private const string TestLabels = "testLabels";
    private const string StandardImages = "images";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "hdf5",
            "images in an HDF5 file, such as 3D Shapes; has factors if the rows of its labels are every combination of some values",
            [
                new FieldRule(Path, FieldKind.Path, "the file") { Required = true },
                new FieldRule(
                    Images, FieldKind.Text, "name of the dataset of training images; default: images, or the only one of 3 or 4 dimensions"),
                new FieldRule(Validation, FieldKind.Text, "name of a dataset of validation images of the same size; default: none of its own"),
                new FieldRule(Test, FieldKind.Text, "name of a dataset of test images of the same size; default: no test split"),
                new FieldRule(
                    Labels, FieldKind.Text, "name of a dataset with the factors or the class of each training image; default: labels, if it exists"),
                new FieldRule(ValidationLabels, FieldKind.Text, "name of a dataset with the class of each validation image; default: no classes"),
                new FieldRule(TestLabels, FieldKind.Text, "name of a dataset with the class of each test image; default: no classes"),
                LabelTable.ColumnField,
                .. GreyScale.Fields, ImageLayout.SizeField, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the datasets that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        var notes = new List<string>();
        using HdfFile file = HdfFile.Open(spec.Text(Path));
        ArrayImages training = file.OpenImages(spec, spec.Has(Images) ? spec.Text(Images) : OnlyImages(file), options);
        if (training.DescribeRange() is { } range) notes.Add(range);
        (IDataset described, LabelTable? labels) = Describe(spec, file, training, notes);
        return new DatasetPair(described, HeldOut(Test, TestLabels)) { Validation = HeldOut(Validation, ValidationLabels), Notes = notes };

        IDataset? HeldOut(string field, string classes)
        {
            if (!spec.Has(field))
            {
                return !spec.Has(classes) ? null : throw new BadInputException(
                    BadInputException.RunFile, $"data.{classes}", spec.Text(classes), $"only allowed together with {field}");
            }

            ArrayImages images = file.OpenImages(spec, spec.Text(field), options);
            SameSize.Check(training, images, file.PlaceOf(spec.Text(field)));
            if (!spec.Has(classes)) return images;
            string place = file.PlaceOf(spec.Text(classes));
            LabelTable own = LabelTable.Of(spec, file.Read(spec.Text(classes)), place, images.Count);
            return (labels is null ? own : own.As(labels.Names, place)).On(images);
        }
    }

    private static string OnlyImages(HdfFile file)
    {
        if (file.Names.Contains(StandardImages)) return StandardImages;
        string[] found = [.. file.Names.Where(name => file.RankOf(name) is 3 or 4)];
        return found.Length == 1 ? found[0] : throw new BadInputException(
            file.Path, null, null,
            (found.Length == 0 ? "no dataset has 3 or 4 dimensions" : $"several datasets may be images: {string.Join(", ", found)}")
            + $"; choose one with array: NAME, one of {string.Join(", ", file.Names)}");
    }

    private static (IDataset Images, LabelTable? Labels) Describe(MemberSpec spec, HdfFile file, ArrayImages training, List<string> notes)
    {
        string name = spec.Has(Labels) ? spec.Text(Labels) : Labels;
        if (!spec.Has(Labels) && !file.Names.Contains(Labels)) return (training, null);
        NpyArray array = file.Read(name);
        if (array.Shape.Count == 2 && array.Shape[0] == training.Count && array.Shape[1] > 1 && !spec.Has(LabelTable.ColumnField.Name)
            && array.Header.Type is not (NpyType.Text or NpyType.ByteText)
            && FactorImages.TryCreate(training, Ranks(array), array.Shape[1]) is { } factors)
            return (factors, null);
        try
        {
            LabelTable labels = LabelTable.Of(spec, array, file.PlaceOf(name), training.Count);
            return (labels.On(training), labels);
        }
        catch (BadInputException fault) when (!spec.Has(Labels) && !spec.Has(LabelTable.ColumnField.Name))
        {
            notes.Add($"{fault.Message}; the images are used without classes");
            return (training, null);
        }
    }

    // The factors of 3D Shapes are numbers such as hues and angles: their values in order are what the scores need.
    private static long[] Ranks(NpyArray array)
    {
        double[] values = array.ToDoubles();
        int columns = array.Shape[1];
        long[] ranks = new long[values.Length];
        for (int column = 0; column < columns; column++)
        {
            double[] distinct = [.. Enumerable.Range(0, array.Shape[0]).Select(row => values[(row * columns) + column]).Distinct().Order()];
            for (int row = 0; row < array.Shape[0]; row++)
                ranks[(row * columns) + column] = Array.BinarySearch(distinct, values[(row * columns) + column]);
        }

        return ranks;
    }
}
