using System.Runtime.InteropServices;

namespace VaeCluster.Core.Formats;

/// <summary>An array read from an .npy file.</summary>
/// <param name="Header">Its type and shape.</param>
/// <param name="Data">Its elements, little-endian, in the order that the header states.</param>
public sealed record NpyArray(NpyHeader Header, ReadOnlyMemory<byte> Data)
{
    /// <summary>The dimensions, outermost first.</summary>
    public IReadOnlyList<int> Shape => Header.Shape;

    /// <summary>The array in row-major order: itself, or a reordered copy if it is in Fortran order.</summary>
    public NpyArray ToRowMajor()
    {
        if (!Header.IsFortranOrder) return this;
        int size = Header.ElementSize, count = checked((int)Header.Count);
        byte[] rows = new byte[Data.Length];
        ReadOnlySpan<byte> columns = Data.Span;
        Span<int> place = stackalloc int[Shape.Count];
        for (int row = 0; row < count; row++)
        {
            int column = 0;
            for (int i = Shape.Count - 1; i >= 0; i--) column = (column * Shape[i]) + place[i];
            columns.Slice(column * size, size).CopyTo(rows.AsSpan(row * size));
            for (int i = Shape.Count - 1; i >= 0 && ++place[i] == Shape[i]; i--) place[i] = 0;
        }

        return new NpyArray(Header with { IsFortranOrder = false }, rows);
    }

    /// <summary>The elements as float32: float64 rounded to nearest, bytes as 0 to 255.</summary>
    public float[] ToSingles()
    {
        var values = new float[Header.Count];
        switch (Header.Type)
        {
            case NpyType.Byte:
                ReadOnlySpan<byte> bytes = Data.Span;
                for (int i = 0; i < values.Length; i++) values[i] = bytes[i];
                break;
            case NpyType.Single:
                MemoryMarshal.Cast<byte, float>(Data.Span).CopyTo(values);
                break;
            case NpyType.Double:
                ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(Data.Span);
                for (int i = 0; i < values.Length; i++) values[i] = (float)doubles[i];
                break;
            case NpyType.Int32:
                ReadOnlySpan<int> words = MemoryMarshal.Cast<byte, int>(Data.Span);
                for (int i = 0; i < values.Length; i++) values[i] = words[i];
                break;
            default:
                ReadOnlySpan<long> integers = MemoryMarshal.Cast<byte, long>(Data.Span);
                for (int i = 0; i < values.Length; i++) values[i] = integers[i];
                break;
        }

        return values;
    }

    /// <summary>The elements of an int64 array.</summary>
    /// <exception cref="InvalidOperationException">The array has another type.</exception>
    public ReadOnlySpan<long> Integers() => Header.Type == NpyType.Int64
        ? MemoryMarshal.Cast<byte, long>(Data.Span)
        : throw new InvalidOperationException($"the array holds {Header.Type}, not int64");

    /// <summary>The elements of an array of bytes, booleans, int32 or int64; null for floating-point arrays.</summary>
    public long[]? ToIntegers()
    {
        ReadOnlySpan<byte> data = Data.Span;
        var values = new long[Header.Count];
        switch (Header.Type)
        {
            case NpyType.Byte:
                for (int i = 0; i < values.Length; i++) values[i] = data[i];
                return values;
            case NpyType.Int32:
                ReadOnlySpan<int> words = MemoryMarshal.Cast<byte, int>(data);
                for (int i = 0; i < values.Length; i++) values[i] = words[i];
                return values;
            case NpyType.Int64:
                MemoryMarshal.Cast<byte, long>(data).CopyTo(values);
                return values;
            default:
                return null;
        }
    }
}
