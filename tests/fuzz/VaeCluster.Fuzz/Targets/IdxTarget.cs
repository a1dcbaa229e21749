using System.Buffers.Binary;
using System.IO.Compression;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Idx;

namespace VaeCluster.Fuzz.Targets;

/// <summary>IDX files of images, plain and gzip.</summary>
internal sealed class IdxTarget : FuzzTarget
{
    public override string Name => "idx";

    public override IReadOnlyList<byte[]> Seeds { get; } =
        [Idx(0x08, 3, 4, 4), Idx(0x08, 2, 3, 3, 3), Idx(0x0D, 2, 2, 2), Gzip(Idx(0x08, 3, 4, 4)), Idx(0x0E, 1, 2, 2)];

    public override void Run(byte[] input)
    {
        var images = IdxImages.Read(new MemberSpec("idx"), Put("a.idx", input));
        images.Read(0, new float[images.Image.Pixels]);
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }

    private static byte[] Idx(byte type, params int[] sizes)
    {
        int size = type switch { 0x0D => 4, 0x0E => 8, _ => 1 }, values = sizes.Aggregate(size, (product, length) => product * length);
        var file = new byte[4 + (4 * sizes.Length) + values];
        (file[2], file[3]) = (type, (byte)sizes.Length);
        for (int i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * i)), sizes[i]);
        if (size == 1) for (int i = 0; i < values; i++) file[file.Length - values + i] = (byte)(7 * i);
        return file;
    }
}
