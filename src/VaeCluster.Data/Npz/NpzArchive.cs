using System.Globalization;
using System.IO.Compression;
using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Arrays;
using VaeCluster.Data.Caching;

namespace VaeCluster.Data.Npz;

/// <summary>
/// An .npz archive: a zip file of .npy arrays. Names in the archive are never used as file names to write to, and arrays of Python
/// objects are never unpickled.
/// </summary>
internal sealed class NpzArchive
{
    private const string Extension = ".npy";
    private const int UnixType = 0xF000, UnixLink = 0xA000;
    private const int PieceBytes = 1 << 20;

    // Deflate writes at least one bit for every 258-byte match, so no entry expands by more than this factor, apart from a small overhead.
    private const long LargestExpansion = 1032;
    private const long Overhead = 1024;

    // What is not images: classes and factors.
    private const long MostLabelBytes = 1L << 28;

    private readonly string _path;

    private NpzArchive(string path, IReadOnlyList<string> names)
    {
        _path = path;
        Names = names;
    }

    /// <summary>The names of the arrays, in the order of the archive.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Opens an archive and reads the names.</summary>
    /// <param name="path">The archive.</param>
    /// <exception cref="BadInputException">The archive is missing or damaged, or has an unsafe entry name.</exception>
    internal static NpzArchive Open(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder; expected an .npz archive");
        if (!File.Exists(path)) throw new BadInputException(path, null, null, "no such file; expected an .npz archive");
        RegularFile.Demand(path);
        return Use(path, zip =>
        {
            var names = new List<string>();
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                CheckEntry(path, entry);
                if (entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) names.Add(entry.FullName[..^Extension.Length]);
            }

            if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new BadInputException(path, null, null, $"has the array '{twice.Key}' more than once");
            if (names.Count == 0) throw new BadInputException(path, null, null, "has no arrays (no entry ends in .npy)");
            return new NpzArchive(path, names);
        });
    }

    /// <summary>The array's location for messages.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    internal string PlaceOf(string name) => $"{_path}: {name}";

    /// <summary>An array's type and shape.</summary>
    /// <param name="name">The array.</param>
    /// <exception cref="BadInputException">The array does not exist or has an unsupported type.</exception>
    internal NpyHeader Header(string name) => Use(_path, zip => ReadHeader(zip, name).Header);

    /// <summary>An array's type and shape, or null if its type is not supported.</summary>
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

    /// <summary>Reads a whole array into memory.</summary>
    /// <param name="name">The array.</param>
    /// <exception cref="BadInputException">The array does not exist, has an unsupported type, or is damaged.</exception>
    internal NpyArray Read(string name) => Use(_path, zip =>
    {
        (NpyHeader header, ZipArchiveEntry entry, int start) = ReadHeader(zip, name);
        if (entry.Length > MostLabelBytes)
            throw new BadInputException(PlaceOf(name), null, null, $"has {entry.Length} bytes; at most {MostLabelBytes} are supported here");
        return new NpyArray(header, Unpack(name, entry, start)).ToRowMajor();
    });

    /// <summary>
    /// Opens an array of images: in memory, in place if the archive stores it uncompressed, or else unpacked in the cache.
    /// </summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="name">The array.</param>
    /// <param name="options">Whether images are kept in memory.</param>
    /// <exception cref="BadInputException">The array does not exist, is not of images, or is damaged; or the disk is full.</exception>
    internal ArrayImages OpenImages(MemberSpec spec, string name, StorageOptions options) => Use(_path, zip =>
    {
        (NpyHeader header, ZipArchiveEntry entry, int start) = ReadHeader(zip, name);
        NpyFile.CheckPixelType(PlaceOf(name), header);
        ByteSource bytes = options.Keeps(spec, entry.Length - start, PlaceOf(name)) ? new MemoryBytes(Unpack(name, entry, start))
            : InPlace(entry, start) ?? Cached(name, entry, start, options.Cache);
        bytes = ColumnOrder.ToRows(
            header, bytes, PlaceOf(name), () => string.Create(CultureInfo.InvariantCulture, $"{FileDigest.Of(_path)} {entry.FullName}"),
            options.Cache);
        return NpyFile.Images(spec, PlaceOf(name), header, bytes);
    });

    private (NpyHeader Header, ZipArchiveEntry Entry, int Start) ReadHeader(ZipArchive zip, string name)
    {
        ZipArchiveEntry entry = zip.GetEntry(name + Extension) ?? throw new BadInputException(
            _path, null, null, $"has no array '{name}'; it has {string.Join(", ", Names)}{NearestName.Hint(name, Names)}");
        if (entry.IsEncrypted) throw new BadInputException(PlaceOf(name), null, null, "is encrypted, which is not supported");
        if (entry.Length > (entry.CompressedLength * LargestExpansion) + Overhead)
        {
            throw new BadInputException(
                PlaceOf(name), null, null,
                $"the archive promises {entry.Length} bytes from {entry.CompressedLength} compressed, which is impossible");
        }

        using var counted = new CountingStream(entry.Open());
        NpyHeader header = Npy.ReadHeader(counted, PlaceOf(name));
        Int128 promised = ((Int128)header.Count * header.ElementSize) + counted.Count;
        if (promised != entry.Length)
        {
            throw new BadInputException(
                PlaceOf(name), null, null,
                $"the header promises {string.Join(" × ", header.Shape)} elements, {promised} bytes with the header, "
                + $"but the archive has {entry.Length}");
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
        FormattableString key =
            $"npz 1\n{archive.FullName}\n{archive.Length} {archive.LastWriteTimeUtc.Ticks}\n{entry.FullName}\n{entry.Length} {entry.Crc32}";
        (string path, _) = cache.GetOrMake(FormattableString.Invariant(key), PlaceOf(name), entry.Length - start, stream =>
        {
            CopyChecked(name, entry, start, stream.Write);
            return string.Empty;
        });
        return new FileBytes(path, 0, entry.Length - start);
    }

    // An uncompressed entry can be read in place. .NET does not expose the entry's offset, but reading one byte of the entry moves the
    // underlying file to just behind it. That is an implementation detail, so the bytes found there are compared before it is relied on.
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

    // Copies everything after the .npy header, and checks the length and CRC against the archive's directory.
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
            throw new BadInputException(
                PlaceOf(name), null, null,
                $"the archive promises {entry.Length} bytes, but has {(total < entry.Length ? $"{total}" : "more")}");
        if (crc != entry.Crc32)
            throw new BadInputException(
                PlaceOf(name), null, null, $"is damaged: its checksum is {crc:x8}, but the archive says {entry.Crc32:x8}");
    }

    private static void CheckEntry(string path, ZipArchiveEntry entry)
    {
        string name = entry.FullName;
        if (name.Split('/', '\\').Contains("..") || name.StartsWith('/') || name.StartsWith('\\')
            || name.Contains(':', StringComparison.Ordinal))
            throw new BadInputException(path, null, null, $"has an entry '{name}' with an unsafe path; expected an archive of arrays");
        if (((entry.ExternalAttributes >> 16) & UnixType) == UnixLink)
            throw new BadInputException(path, null, null, $"has an entry '{name}' that is a symbolic link; expected an archive of arrays");
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
            throw new BadInputException(path, null, null, "is truncated or damaged: an entry ends early", fault);
        }
        catch (InvalidDataException fault)
        {
            throw new BadInputException(path, null, null, $"not a zip archive, or damaged ({fault.Message.TrimEnd('.')})", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BadInputException(path, null, null, $"cannot be read ({fault.Message.TrimEnd('.')})", fault);
        }
    }
}
