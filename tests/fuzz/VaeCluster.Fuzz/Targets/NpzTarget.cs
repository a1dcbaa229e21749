using System.IO.Compression;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;
using VaeCluster.Data.Npz;

namespace VaeCluster.Fuzz.Targets;

/// <summary>Archives of NumPy arrays.</summary>
internal sealed class NpzTarget : FuzzTarget
{
    public override string Name => "npz";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Npz(CompressionLevel.Optimal), Npz(CompressionLevel.NoCompression)];

    public override IReadOnlyList<string> Words => ["PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "images.npy", "../", ".npy", "'shape': ("];

    public override void Run(byte[] input)
    {
        var options = new StorageOptions { Cache = new CacheFolder(Path.Combine(Folder, "cache")), MemoryLimit = 64 << 20 };
        NpzArchive archive = NpzArchive.Open(Put("a.npz", input));
        foreach (string name in archive.Names.Take(4)) _ = archive.HeaderIfRead(name);
        if (archive.Names.Contains("labels")) _ = archive.Read("labels");
        IDataset images = archive.OpenImages(new MemberSpec("npz"), archive.Names[0], options);
        images.Read(0, new float[images.Image.Pixels]);
    }

    private static byte[] Npz(CompressionLevel level)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] array) in new[] { ("images", NpyTarget.Npy("|u1", "(3, 4, 4)", 48)), ("labels", NpyTarget.Npy("<i8", "(3,)", 24)) })
            {
                ZipArchiveEntry entry = zip.CreateEntry($"{name}.npy", level);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same bytes each time
                using Stream content = entry.Open();
                content.Write(array);
            }
        }

        return file.ToArray();
    }
}
