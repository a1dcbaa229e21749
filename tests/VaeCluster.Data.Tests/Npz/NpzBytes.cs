using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.Data.Tests.Npz;

/// <summary>Makes .npz archives, valid and invalid.</summary>
internal static class NpzBytes
{
    private const uint LocalHeader = 0x04034b50, CentralHeader = 0x02014b50;

    public static byte[] Of(bool compressed, params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry(name, compressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return file.ToArray();
    }

    /// <summary>Changes a 4-byte field of an archive's only entry, in its local and its central header.</summary>
    public static byte[] With(byte[] archive, int localOffset, int centralOffset, Func<uint, uint> change)
    {
        byte[] changed = [.. archive];
        foreach ((uint signature, int offset) in new[] { (LocalHeader, localOffset), (CentralHeader, centralOffset) })
        {
            int place = Enumerable.Range(0, changed.Length - 4)
                .First(i => BinaryPrimitives.ReadUInt32LittleEndian(changed.AsSpan(i)) == signature) + offset;
            BinaryPrimitives.WriteUInt32LittleEndian(
                changed.AsSpan(place), change(BinaryPrimitives.ReadUInt32LittleEndian(changed.AsSpan(place))));
        }

        return changed;
    }

    public static byte[] WithCrc(byte[] archive, Func<uint, uint> change) => With(archive, 14, 16, change);

    public static byte[] WithLength(byte[] archive, Func<uint, uint> change) => With(archive, 22, 24, change);
}
