using PureHDF;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Hdf;

namespace VaeCluster.Fuzz.Targets;

/// <summary>HDF5 files.</summary>
internal sealed class HdfTarget : FuzzTarget
{
    public override string Name => "hdf5";

    public override int Inputs => 500;

    // The library makes room for what a length in the file says, up to 2 GB, before it finds that the file is shorter. The system gives such
    // pages only when they are written to, which these never are.
    public override long MostBytes => 8L << 30;

    public override IReadOnlyList<byte[]> Seeds { get; } = [Write()];

    public override IReadOnlyList<string> Words => ["\u0089HDF", "OHDR", "OCHK", "FRHP", "FSHD", "BTHD", "images", "labels", "TREE", "SNOD", "HEAP"];

    public override void Run(byte[] input)
    {
        DatasetPair opened = HdfDataset.Open(
            new MemberSpec("hdf5", new Dictionary<string, object> { ["path"] = Put("a.h5", input) }),
            new StorageOptions { Cache = new CacheFolder(Path.Combine(Folder, "cache")), MemoryLimit = 64 << 20 });
        opened.Training.Read(0, new float[opened.Training.Image.Pixels]);
    }

    private static byte[] Write()
    {
        var images = new byte[3, 4, 4];
        var labels = new int[] { 0, 1, 0 };
        string path = Path.Combine(Path.GetTempPath(), $"vaecluster-fuzz-{Guid.NewGuid():N}.h5");
        new H5File { ["images"] = images, ["labels"] = labels }.Write(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }
}
