using System.Buffers.Binary;
using VaeCluster.Core;

namespace VaeCluster.Data.Tables;

/// <summary>
/// Checks that the metadata at the end of a Parquet file are one whole structure of Thrift's compact protocol. The library that reads them
/// never returns from some that end early. Source: Apache Thrift, "Thrift compact protocol encoding".
/// </summary>
internal ref struct ParquetFooter
{
    private const int TailBytes = 8, Deepest = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _place;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Refuses a file whose metadata are not whole.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">The file; its position is kept.</param>
    /// <exception cref="BadInputException">They are not.</exception>
    internal static void Demand(string path, FileStream file)
    {
        long start = file.Position;
        Span<byte> tail = stackalloc byte[TailBytes];
        if (file.Length < TailBytes + 4) throw Damaged(path);
        file.Seek(-TailBytes, SeekOrigin.End);
        file.ReadExactly(tail);
        int length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8) || length <= 0 || length > file.Length - TailBytes - 4) throw Damaged(path);
        byte[] bytes = new byte[length];
        file.Seek(-TailBytes - length, SeekOrigin.End);
        file.ReadExactly(bytes);
        file.Position = start;
        if (!new ParquetFooter(bytes).SkipStruct(0)) throw Damaged(path);
    }

    private bool SkipStruct(int depth)
    {
        if (depth > Deepest) return false;
        while (_place < _bytes.Length)
        {
            byte field = _bytes[_place++];
            if (field == 0) return true;

            // Without a distance to the field before, the number follows.
            if (field >> 4 == 0 && ReadNumber() is null) return false;
            if (!Skip(field & 0xf, depth, inList: false)) return false;
        }

        return false;
    }

    private bool Skip(int type, int depth, bool inList) => type switch
    {
        1 or 2 => !inList || Advance(1),
        3 => Advance(1),
        4 or 5 or 6 => ReadNumber() is not null,
        7 => Advance(sizeof(double)),
        8 => ReadNumber() is { } length && Advance(length),
        9 or 10 => SkipList(depth + 1),
        11 => SkipMap(depth + 1),
        12 => SkipStruct(depth + 1),
        _ => false,
    };

    private bool SkipList(int depth)
    {
        if (depth > Deepest || _place >= _bytes.Length) return false;
        byte head = _bytes[_place++];
        ulong? count = head >> 4 == 0xf ? ReadNumber() : (ulong)(head >> 4);
        if (count is null || count > (ulong)(_bytes.Length - _place)) return false; // an element takes a byte at least
        for (ulong i = 0; i < count; i++)
            if (!Skip(head & 0xf, depth, inList: true)) return false;
        return true;
    }

    private bool SkipMap(int depth)
    {
        if (depth > Deepest || ReadNumber() is not { } count) return false;
        if (count == 0) return true;
        if (_place >= _bytes.Length || count > (ulong)(_bytes.Length - _place)) return false;
        byte types = _bytes[_place++];
        for (ulong i = 0; i < count; i++)
            if (!Skip(types >> 4, depth, inList: true) || !Skip(types & 0xf, depth, inList: true)) return false;
        return true;
    }

    private bool Advance(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _place)) return false;
        _place += (int)count;
        return true;
    }

    private ulong? ReadNumber()
    {
        ulong number = 0;
        for (int shift = 0; shift < 64 && _place < _bytes.Length; shift += 7)
        {
            byte part = _bytes[_place++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return number;
        }

        return null;
    }

    private static BadInputException Damaged(string path) =>
        new(path, null, null, "is not a Parquet file, or damaged: its metadata are not whole");
}
