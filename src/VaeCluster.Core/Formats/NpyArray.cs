using System.Runtime.InteropServices;
using System.Text;

namespace VaeCluster.Core.Formats;

/// <summary>An array read from an .npy file.</summary>
/// <param name="Header">Its type and shape.</param>
/// <param name="Data">Its elements, in the order and byte order that the header states.</param>
public sealed record NpyArray(NpyHeader Header, ReadOnlyMemory<byte> Data)
{
    /// <summary>The dimensions, outermost first.</summary>
    public IReadOnlyList<int> Shape => Header.Shape;

    /// <summary>The array in row-major order and little-endian: itself, or a reordered copy.</summary>
    public NpyArray ToRowMajor()
    {
        NpyArray array = this;
        if (Header.IsFortranOrder) array = new NpyArray(Header with { IsFortranOrder = false }, Rows());
        if (!array.Header.IsBigEndian) return array;
        byte[] swapped = array.Data.ToArray();
        NpyElements.Swap(swapped, Header.SwapSize);
        return new NpyArray(array.Header with { IsBigEndian = false }, swapped);
    }

    /// <summary>The elements of a numeric array as float32, rounded to nearest; bytes as 0 to 255.</summary>
    public float[] ToSingles()
    {
        if (Header.Type == NpyType.Single) return MemoryMarshal.Cast<byte, float>(Data.Span).ToArray();
        double[] values = ToDoubles();
        var singles = new float[values.Length];
        for (int i = 0; i < values.Length; i++) singles[i] = (float)values[i];
        return singles;
    }

    /// <summary>The elements of a numeric array as float64.</summary>
    public double[] ToDoubles()
    {
        var values = new double[Header.Count];
        NpyElements.ToDoubles(Header.Type, Data.Span, values);
        return values;
    }

    /// <summary>The elements of an int64 array.</summary>
    /// <exception cref="InvalidOperationException">The array has another type.</exception>
    public ReadOnlySpan<long> Integers() => Header.Type == NpyType.Int64
        ? MemoryMarshal.Cast<byte, long>(Data.Span)
        : throw new InvalidOperationException($"the array holds {Header.Type}, not int64");

    /// <summary>The elements of an array of whole numbers, floating-point or not; null if an element is none, or is text.</summary>
    public long[]? ToIntegers()
    {
        if (Header.Type is NpyType.Text or NpyType.ByteText) return null;
        if (Header.Type == NpyType.Int64) return MemoryMarshal.Cast<byte, long>(Data.Span).ToArray();
        double[] values = ToDoubles();
        var integers = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsInteger(values[i]) || Math.Abs(values[i]) >= long.MaxValue) return null;
            integers[i] = (long)values[i];
        }

        return integers;
    }

    /// <summary>The elements of an array of text, without the zeros that fill them up; null for numbers.</summary>
    public string[]? ToTexts()
    {
        if (Header.Type is not (NpyType.Text or NpyType.ByteText)) return null;
        Encoding encoding = Header.Type == NpyType.Text ? Encoding.UTF32 : Encoding.UTF8;
        int size = Header.ElementSize;
        var texts = new string[Header.Count];
        for (int i = 0; i < texts.Length; i++) texts[i] = encoding.GetString(Data.Span.Slice(i * size, size)).TrimEnd('\0');
        return texts;
    }

    private byte[] Rows()
    {
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

        return rows;
    }
}
