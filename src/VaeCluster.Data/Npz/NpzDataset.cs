using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;

namespace VaeCluster.Data.Npz;

/// <summary>
/// The dataset <c>npz</c>: images in an archive of NumPy arrays, such as the official dSprites archive. Test images and class labels may
/// be in other arrays of the same archive; if it has an array <c>latents_classes</c>, the images have factors.
/// </summary>
public static class NpzDataset
{
    private const string Path = "path";
    private const string Images = "array";
    private const string Test = "testArray";
    private const string Labels = "labels";
    private const string TestLabels = "testLabels";
    private const string FactorClasses = "latents_classes";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "npz",
            "images in an archive of NumPy arrays, such as the dSprites archive; has factors if it contains latents_classes",
            [
                new FieldRule(Path, FieldKind.Path, "the archive") { Required = true },
                new FieldRule(Images, FieldKind.Text, "name of the array of training images; default: the only array of images"),
                new FieldRule(Test, FieldKind.Text, "name of an array of test images of the same size; default: no test split"),
                new FieldRule(Labels, FieldKind.Text, "name of an array with the class of each training image; default: no classes"),
                new FieldRule(TestLabels, FieldKind.Text, "name of an array with the class of each test image; default: no classes"),
                .. GreyScale.Fields, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the arrays that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        string path = spec.Text(Path);
        NpzArchive archive = NpzArchive.Open(path);
        if (spec.Has(TestLabels) && !spec.Has(Test))
            throw new BadInputException(
                BadInputException.RunFile, $"data.{TestLabels}", spec.Text(TestLabels), $"only allowed together with {Test}");
        string name = spec.Has(Images) ? spec.Text(Images) : OnlyImages(archive, path);
        ArrayImages training = archive.OpenImages(spec, name, options);
        ArrayImages? test = null;
        if (spec.Has(Test))
        {
            test = archive.OpenImages(spec, spec.Text(Test), options);
            SameSize.Check(training, test, archive.PlaceOf(spec.Text(Test)));
        }

        IDataset described = spec.Has(Labels) ? WithLabels(archive, spec.Text(Labels), training) : WithFactors(archive, training);
        return new DatasetPair(described, test is not null
            && spec.Has(TestLabels) ? WithLabels(archive, spec.Text(TestLabels), test) : test);
    }

    private static string OnlyImages(NpzArchive archive, string path)
    {
        string[] images = [.. archive.Names.Where(name => archive.HeaderIfRead(name) is { Shape.Count: 3 or 4 })];
        return images.Length == 1 ? images[0] : throw new BadInputException(
            path, null, null,
            (images.Length == 0 ? "no array has 3 or 4 dimensions" : $"several arrays may be images: {string.Join(", ", images)}")
            + $"; choose one with array: NAME, one of {string.Join(", ", archive.Names)}");
    }

    private static LabelledImages WithLabels(NpzArchive archive, string name, ArrayImages images)
    {
        NpyArray array = archive.Read(name);
        bool column = array.Shape.Count == 1 || (array.Shape.Count == 2 && array.Shape[1] == 1);
        if (!column || array.Shape[0] != images.Count)
        {
            throw new BadInputException(
                archive.PlaceOf(name), "shape", $"({string.Join(", ", array.Shape)})",
                $"expected ({images.Count},), a class for each image");
        }

        if (array.ToIntegers() is not { } classes || classes.Any(value => value is < 0 or > ushort.MaxValue))
            throw new BadInputException(archive.PlaceOf(name), null, null, $"classes must be whole numbers from 0 to {ushort.MaxValue}");
        return new LabelledImages(images, [.. classes.Select(value => (int)value)]);
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
