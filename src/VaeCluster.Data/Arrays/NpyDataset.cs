using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>The dataset <c>npy</c>: images in one array of NumPy, with test images in another.</summary>
public static class NpyDataset
{
    private const string Path = "path";
    private const string TestPath = "testPath";

    /// <summary>Its place in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "npy",
            "images in one NumPy array of bytes or floating-point numbers: count × height × width, or with 1 or 3 channels before or after these",
            [
                new FieldRule(Path, FieldKind.Path, "the file of the training images") { Required = true },
                new FieldRule(TestPath, FieldKind.Path, "a file of test images of the same size; none: no test split"),
                .. GreyScale.Fields, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the files that the fields name.</summary>
    /// <param name="spec">The choice.</param>
    /// <param name="options">Where images are kept.</param>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        ArrayImages training = NpyFile.OpenImages(spec, spec.Text(Path), options);
        ArrayImages? test = spec.Has(TestPath) ? NpyFile.OpenImages(spec, spec.Text(TestPath), options) : null;
        if (test is not null) SameSize.Demand(training, test, spec.Text(TestPath));
        return new DatasetPair(training, test);
    }
}
