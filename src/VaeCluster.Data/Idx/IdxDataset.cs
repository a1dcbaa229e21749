using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Idx;

/// <summary>The dataset <c>idx</c>: images of any size in one IDX file, with optional test images in another.</summary>
public static class IdxDataset
{
    private const string Path = "path";
    private const string TestPath = "testPath";

    /// <summary>The dataset's name and fields in the run file.</summary>
    public static DatasetKind Kind { get; } = new(
        new Member(
            "idx",
            "images of any size in one IDX file, plain or gzip: count × height × width, or count × height × width × channels (1 or 3)",
            [
                new FieldRule(Path, FieldKind.Path, "file of the training images") { Required = true },
                new FieldRule(TestPath, FieldKind.Path, "file of test images of the same size; default: no test split"),
            ]),
        Open);

    private static DatasetPair Open(MemberSpec spec)
    {
        StoredImages training = IdxImages.Read(spec.Name, spec.Text(Path));
        return new DatasetPair(training, spec.Has(TestPath) ? IdxImages.ReadTest(training, spec.Text(TestPath)) : null);
    }
}
