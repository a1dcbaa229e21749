using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>The dataset <c>npy</c>: images in one NumPy array, with optional test images in another.</summary>
public static class NpyDataset
{
    private const string Path = "path";
    private const string TestPath = "testPath";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "npy",
            "images in one NumPy array of bytes or floats: count × height × width, optionally with 1 or 3 channels first or last",
            [
                new FieldRule(Path, FieldKind.Path, "file of the training images") { Required = true },
                new FieldRule(TestPath, FieldKind.Path, "file of test images of the same size; default: no test split"),
                .. GreyScale.Fields, ImageLayout.Field, StorageOptions.Field,
            ]),
        spec => Open(spec, new StorageOptions()));

    /// <summary>Opens the files that the fields name.</summary>
    internal static DatasetPair Open(MemberSpec spec, StorageOptions options)
    {
        ArrayImages training = NpyFile.OpenImages(spec, spec.Text(Path), options);
        ArrayImages? test = spec.Has(TestPath) ? NpyFile.OpenImages(spec, spec.Text(TestPath), options) : null;
        if (test is not null) SameSize.Check(training, test, spec.Text(TestPath));
        return new DatasetPair(training, test);
    }
}
