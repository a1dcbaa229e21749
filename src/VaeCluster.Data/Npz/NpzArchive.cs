using System.Globalization;
using System.IO.Compression;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Npz;

/// <summary>
/// An npz archive: a zip file of npy arrays. Nothing is ever written under a name that stands in it, and arrays of Python objects are
/// never unpickled.
/// </summary>
internal sealed class NpzArchive
{
    private const string Extension = ".npy";
    private const int UnixType = 0xF000, UnixLink = 0xA000;
    private const int PieceBytes = 1 << 20;

    // Deflate writes at least a bit for every 258-byte match: no entry grows by more than this, but for what a header of its own takes.
    private const long LargestExpansion = 1032;
    private const long Overhead = 1024;

    private readonly string _path;

    private NpzArchive(string path, IReadOnlyList<string> names)
    {
        _path = path;
        Names = names;
    }

    /// <summary>The names of its arrays, in the order of the archive.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Reads the names.</summary>
    /// <param name="path">The archive.</param>
    /// <exception cref="BadInputException">There is none, it is damaged, or a name in it leads elsewhere.</exception>
    internal static NpzArchive Open(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder; an npz archive is needed");
        if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file; an npz archive is needed");
        return Use(path, zip =>
        {
            var names = new List<string>();
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                Demand(path, entry);
                if (entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) names.Add(entry.FullName[..^Extension.Length]);
            }

            if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new BadInputException(path, null, null, $"has the array '{twice.Key}' more than once");
            if (names.Count == 0) throw new BadInputException(path, null, null, "holds no arrays (no entry ends in .npy)");
            return new NpzArchive(path, names);
        });
    }

    /// <summary>The array's place in messages.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    internal string PlaceOf(string name) => $"{_path}: {name}";

    /// <summary>An array's type and shape.</summary>
    /// <param name="name">The array.</param>
    /// <exception cref="BadInputException">There is no such array, or one that is not read.</exception>
    internal NpyHeader Header(string name) => Use(_path, zip => ReadHeader(zip, name).Header);

    /// <summary>The type and shape of an array that is not asked for by name; null: of a kind that is not read.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    internal NpyHeader? HeaderIfRead(string name)
    {
        try
        {
            return Header(name);
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    /// <summary>A whole array in memory.</summary>
    /// <param name="name">The array.</param>
    /// <exception cref="BadInputException">There is no such array, one that is not read, or a damaged one.</exception>
    internal NpyArray Read(string name) => Use(_path, zip =>
    {
        (NpyHeader header, ZipArchiveEntry entry, int start) = ReadHeader(zip, name, allowsFortranOrder: true);
        return new NpyArray(header, Unpack(name, entry, start)).ToRowMajor();
    });

    /// <summary>
    /// An array of images: in memory, or where the archive holds it as it is, or unpacked in the cache.
    /// </summary>
    /// <param name="spec">The choice, which may say that images stay in the file.</param>
    /// <param name="name">The array.</param>
    /// <param name="options">Where images are kept.</param>
    /// <exception cref="BadInputException">There is no such array, one that holds no images, or a damaged one; or the cache has no room.</exception>
    internal ArrayImages OpenImages(MemberSpec spec, string name, StorageOptions options) => Use(_path, zip =>
    {
        (NpyHeader header, ZipArchiveEntry entry, int start) = ReadHeader(zip, name);
        NpyFile.DemandPixels(PlaceOf(name), header);
        ByteSource bytes = options.Keeps(spec, entry.Length - start, PlaceOf(name)) ? new MemoryBytes(Unpack(name, entry, start))
            : InPlace(entry, start) ?? Cached(name, entry, start, options.Cache);
        return NpyFile.Images(spec, PlaceOf(name), header, bytes);
    });

    private (NpyHeader Header, ZipArchiveEntry Entry, int Start) ReadHeader(ZipArchive zip, string name, bool allowsFortranOrder = false)
    {
        ZipArchiveEntry entry = zip.GetEntry(name + Extension) ?? throw new BadInputException(
            _path, null, null, $"has no array '{name}'; it has {string.Join(", ", Names)}{NearestName.Hint(name, Names)}");
        if (entry.IsEncrypted) throw new BadInputException(PlaceOf(name), null, null, "is encrypted, and is not read");
        if (entry.Length > (entry.CompressedLength * LargestExpansion) + Overhead)
        {
            throw new BadInputException(
                PlaceOf(name), null, null, $"the archive promises {entry.Length} bytes out of {entry.CompressedLength}, more than these can hold");
        }

        using var counted = new CountingStream(entry.Open());
        NpyHeader header = Npy.ReadHeader(counted, PlaceOf(name), allowsFortranOrder);
        Int128 promised = ((Int128)header.Count * header.ElementSize) + counted.Count;
        if (promised != entry.Length)
        {
            throw new BadInputException(
                PlaceOf(name), null, null,
                $"the header promises {string.Join(" × ", header.Shape)} elements, {promised} bytes with itself; the archive has {entry.Length}");
        }

        return (header, entry, (int)counted.Count);
    }

    private byte[] Unpack(string name, ZipArchiveEntry entry, int start)
    {
        if (entry.Length - start > Array.MaxLength)
            throw new BadInputException(PlaceOf(name), null, null, $"has {entry.Length} bytes; at most {Array.MaxLength} fit in memory");
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)(entry.Length - start));
        int filled = 0;
        CopyChecked(name, entry, start, piece =>
        {
            piece.CopyTo(bytes.AsSpan(filled));
            filled += piece.Length;
        });
        return bytes;
    }

    private FileBytes Cached(string name, ZipArchiveEntry entry, int start, CacheFolder cache)
    {
        var archive = new FileInfo(_path);
        string key = string.Create(
            CultureInfo.InvariantCulture,
            $"npz 1\n{archive.FullName}\n{archive.Length} {archive.LastWriteTimeUtc.Ticks}\n{entry.FullName}\n{entry.Length} {entry.Crc32}");
        (string path, _) = cache.GetOrMake(key, PlaceOf(name), entry.Length - start, stream =>
        {
            CopyChecked(name, entry, start, stream.Write);
            return string.Empty;
        });
        return new FileBytes(path, 0, entry.Length - start);
    }

    // An entry that is stored as it is can be read where it lies. The framework does not tell where that is, but it reads
    // an entry through its file: after one byte, the file stands behind it. Whether it does so is looked at, not taken for granted.
    private FileBytes? InPlace(ZipArchiveEntry entry, int start)
    {
        if (entry.CompressedLength != entry.Length) return null;
        using FileStream file = File.OpenRead(_path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        using Stream content = zip.GetEntry(entry.FullName)!.Open();
        Span<byte> head = new byte[start], there = new byte[start];
        content.ReadExactly(head[..1]);
        long place = file.Position - 1;
        content.ReadExactly(head[1..]);
        if (place < 0 || place + entry.Length > file.Length) return null;
        file.Position = place;
        file.ReadExactly(there);
        return head.SequenceEqual(there) ? new FileBytes(_path, place + start, entry.Length - start) : null;
    }

    // Everything but the npy header, while its checksum and its length are compared with what the archive says.
    private void CopyChecked(string name, ZipArchiveEntry entry, int start, Action<ReadOnlySpan<byte>> take)
    {
        using Stream content = entry.Open();
        byte[] piece = new byte[PieceBytes];
        content.ReadExactly(piece, 0, start);
        uint crc = Crc32.Of(piece.AsSpan(0, start));
        long total = start;
        while (content.Read(piece) is > 0 and int read)
        {
            total += read;
            if (total > entry.Length) break;
            crc = Crc32.Append(crc, piece.AsSpan(0, read));
            take(piece.AsSpan(0, read));
        }

        if (total != entry.Length)
            throw new BadInputException(PlaceOf(name), null, null, $"the archive promises {entry.Length} bytes; there are {(total < entry.Length ? $"{total}" : "more")}");
        if (crc != entry.Crc32)
            throw new BadInputException(PlaceOf(name), null, null, $"is damaged: its checksum is {crc:x8}, the archive says {entry.Crc32:x8}");
    }

    private static void Demand(string path, ZipArchiveEntry entry)
    {
        string name = entry.FullName;
        if (name.Split('/', '\\').Contains("..") || name.StartsWith('/') || name.StartsWith('\\') || name.Contains(':', StringComparison.Ordinal))
            throw new BadInputException(path, null, null, $"has an entry '{name}', whose name leads out of the archive; this is no archive of arrays");
        if (((entry.ExternalAttributes >> 16) & UnixType) == UnixLink)
            throw new BadInputException(path, null, null, $"has an entry '{name}' that is a symbolic link; this is no archive of arrays");
    }

    private static T Use<T>(string path, Func<ZipArchive, T> use)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            return use(zip);
        }
        catch (EndOfStreamException fault)
        {
            throw new BadInputException(path, null, null, "is cut off or damaged: an entry ends early", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new BadInputException(path, null, null, $"is no zip archive, or a damaged one ({fault.Message.TrimEnd('.')})", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }
}
