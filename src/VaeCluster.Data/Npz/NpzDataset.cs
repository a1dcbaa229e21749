using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Labels;

namespace VaeCluster.Data.Npz;

/// <summary>
/// The dataset <c>npz</c>: images in an archive of NumPy arrays, such as the official dSprites archive. Test images and class labels may
/// be in other arrays of the same archive; if it has an array <c>latents_classes</c>, the images have factors.
/// </summary>
public static class NpzDataset
{
    private const string Path = "path";
    private const string Images = "array";
    private const string Validation = "validationArray";
    private const string Test = "testArray";
    private const string Labels = "labels";
    private const string ValidationLabels = "validationLabels";
    private const string TestLabels = "testLabels";
    private const string FactorClasses = "latents_classes";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "npz",
            "images in an archive of NumPy arrays, such as the dSprites archive; has factors if it contains latents_classes",
            [
                new FieldRule(Path, FieldKind.Path, "the archive") { Required = true },
                new FieldRule(
                    Images, FieldKind.Text,
                    "name of the array of training images; default: the only array of images, or the splits and classes of an archive with "
                    + "train_images, val_images and test_images, as those of MedMNIST"),
                new FieldRule(Validation, FieldKind.Text, "name of an array of validation images of the same size; default: none of its own"),
                new FieldRule(Test, FieldKind.Text, "name of an array of test images of the same size; default: no test split"),
                new FieldRule(Labels, FieldKind.Text, "name of an array with the class of each training image; default: no classes"),
                new FieldRule(
                    ValidationLabels, FieldKind.Text, "name of an array with the class of each validation image; default: no classes"),
                new FieldRule(TestLabels, FieldKind.Text, "name of an array with the class of each test image; default: no classes"),
                LabelTable.ColumnField,
                .. GreyScale.Fields, ImageLayout.SizeField, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the arrays that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        string path = spec.Text(Path);
        NpzArchive archive = NpzArchive.Open(path);
        Demand(spec, TestLabels, Test);
        Demand(spec, ValidationLabels, Validation);
        if (!spec.Has(Images) && !spec.Has(Validation) && !spec.Has(Test) && MedMnist.Find(archive) is { } splits)
            return Open(spec, options, archive, splits with { Labels = Named(Labels) ?? splits.Labels });

        return Open(spec, options, archive, new NpzSplits(
            spec.Has(Images) ? spec.Text(Images) : OnlyImages(spec, archive, path), Named(Validation), Named(Test),
            Named(Labels), Named(ValidationLabels), Named(TestLabels), Note: null));

        string? Named(string field) => spec.Has(field) ? spec.Text(field) : null;
    }

    private static DatasetPair Open(MemberSpec spec, StorageOptions options, NpzArchive archive, NpzSplits splits)
    {
        var notes = new List<string>();
        if (splits.Note is { } note) notes.Add($"{spec.Text(Path)}: {note}");
        ArrayImages training = archive.OpenImages(spec, splits.Training, options);
        if (training.DescribeRange() is { } range) notes.Add(range);
        LabelTable? labels = splits.Labels is { } name ? ReadLabels(name, training.Count) : null;
        IDataset described = labels is not null ? labels.On(training)
            : splits.Labels is null ? WithFactors(archive, training) : training;
        return new DatasetPair(described, HeldOut(splits.Test, splits.TestLabels))
        {
            Validation = HeldOut(splits.Validation, splits.ValidationLabels),
            Notes = notes,
        };

        IDataset? HeldOut(string? array, string? classes)
        {
            if (array is null) return null;
            ArrayImages images = archive.OpenImages(spec, array, options);
            SameSize.Check(training, images, archive.PlaceOf(array));
            if (classes is null || (splits.Labels is not null && labels is null)) return images;
            if (ReadLabels(classes, images.Count) is not { } own) return images;
            return (labels is null ? own : own.As(labels.Names, archive.PlaceOf(classes))).On(images);
        }

        // What was found rather than asked for must not keep the images from being used.
        LabelTable? ReadLabels(string array, int count)
        {
            try
            {
                return LabelTable.Of(spec, archive.Read(array), archive.PlaceOf(array), count);
            }
            catch (BadInputException fault) when (splits.Note is not null && !spec.Has(LabelTable.ColumnField.Name))
            {
                notes.Add($"{fault.Message}; the images are used without classes");
                return null;
            }
        }
    }

    private static void Demand(MemberSpec spec, string field, string other)
    {
        if (spec.Has(field) && !spec.Has(other))
            throw new BadInputException(
                BadInputException.RunFile, $"data.{field}", spec.Text(field), $"only allowed together with {other}");
    }

    private static string OnlyImages(MemberSpec spec, NpzArchive archive, string path)
    {
        bool rows = spec.Has(ImageLayout.SizeField.Name);
        string[] images = [.. archive.Names.Where(name =>
            archive.HeaderIfRead(name) is { Shape.Count: 3 or 4 } || (rows && archive.HeaderIfRead(name) is { Shape: [_, > 1] }))];
        return images.Length == 1 ? images[0] : throw new BadInputException(
            path, null, null,
            (images.Length == 0 ? "no array has 3 or 4 dimensions (size: [height, width] makes images of the rows of one with 2)" : $"several arrays may be images: {string.Join(", ", images)}")
            + $"; choose one with array: NAME, one of {string.Join(", ", archive.Names)}");
    }

    private static IDataset WithFactors(NpzArchive archive, ArrayImages images)
    {
        if (!archive.Names.Contains(FactorClasses)) return images;
        NpyArray array = archive.Read(FactorClasses);
        if (array.Shape.Count != 2 || array.Shape[0] != images.Count || array.ToIntegers() is not { } classes)
        {
            throw new BadInputException(
                archive.PlaceOf(FactorClasses), "shape", $"({string.Join(", ", array.Shape)})",
                $"expected ({images.Count}, factors) of whole numbers, a row for each image");
        }

        return FactorImages.TryCreate(images, classes, array.Shape[1]) ?? (IDataset)images;
    }
}
