using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Tables;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Tables of comma-separated values, plain and gzip.</summary>
internal sealed class CsvTarget : FuzzTarget
{
    private int _files;

    public override string Name => "csv";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Utf8("label,p0,p1,p2,p3\n1,0,255,3,4\n2,9,9,9,9\n", "1;0.5;0.25;0;1\n2;0;0;0;0\n", "\"a, b\",1,2,3,4\nc,\"5\",6,7,8\n", "0,1,2,3\n4,5,6,7\n"),
        IdxTarget.Gzip("label,p0,p1,p2,p3\n1,0,255,3,4\n"u8.ToArray()),
    ];

    public override IReadOnlyList<string> Words => [",", ";", "\t", "\n", "\r\n", "\"", "\"\"", "label", "NaN", "1e999", "-0", "\ufeff", "0,"];

    public override void Run(byte[] input)
    {
        // What is read is kept in the cache; it must not grow without end.
        string cache = Path.Combine(Folder, "cache");
        if (++_files % 500 == 0 && Directory.Exists(cache)) Directory.Delete(cache, recursive: true);
        DatasetPair opened = CsvDataset.Open(
            new MemberSpec("csv", new Dictionary<string, object> { ["path"] = Put("a.csv", input) }),
            new StorageOptions { Cache = new CacheFolder(cache) });
        opened.Training.Read(0, new float[opened.Training.Image.Pixels]);
    }
}
