using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VaeCluster.Core.Formats;

/// <summary>Converts the elements of arrays.</summary>
public static class NpyElements
{
    /// <summary>Bytes of one element of a numeric type.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">The type is text, whose size is in the array's header.</exception>
    public static int SizeOf(NpyType type) => type switch
    {
        NpyType.Byte or NpyType.SByte => sizeof(byte),
        NpyType.Int16 or NpyType.UInt16 or NpyType.Half => sizeof(short),
        NpyType.Int32 or NpyType.UInt32 or NpyType.Single => sizeof(int),
        NpyType.Int64 or NpyType.UInt64 or NpyType.Double => sizeof(long),
        _ => throw new ArgumentException($"{type} has no size of its own", nameof(type)),
    };

    /// <summary>Whether a type is a whole number.</summary>
    /// <param name="type">The type.</param>
    public static bool IsInteger(NpyType type) => type is NpyType.Byte or NpyType.SByte or NpyType.Int16 or NpyType.UInt16
        or NpyType.Int32 or NpyType.UInt32 or NpyType.Int64 or NpyType.UInt64;

    /// <summary>Converts elements to float64; integers of 64 bits are rounded to nearest.</summary>
    /// <param name="type">A numeric type.</param>
    /// <param name="data">The elements, little-endian.</param>
    /// <param name="values">Receives one number per element.</param>
    /// <exception cref="ArgumentException">The type is text.</exception>
    public static void ToDoubles(NpyType type, ReadOnlySpan<byte> data, Span<double> values)
    {
        switch (type)
        {
            case NpyType.Byte: Convert<byte>(data, values); break;
            case NpyType.SByte: Convert<sbyte>(data, values); break;
            case NpyType.Int16: Convert<short>(data, values); break;
            case NpyType.UInt16: Convert<ushort>(data, values); break;
            case NpyType.Int32: Convert<int>(data, values); break;
            case NpyType.UInt32: Convert<uint>(data, values); break;
            case NpyType.Int64: Convert<long>(data, values); break;
            case NpyType.UInt64: Convert<ulong>(data, values); break;
            case NpyType.Half: Convert<Half>(data, values); break;
            case NpyType.Single: Convert<float>(data, values); break;
            case NpyType.Double: MemoryMarshal.Cast<byte, double>(data).CopyTo(values); break;
            default: throw new ArgumentException($"{type} is not a number", nameof(type));
        }
    }

    /// <summary>Reverses the bytes of every element in place.</summary>
    /// <param name="data">A whole number of elements.</param>
    /// <param name="size">Bytes of an element: 1, 2, 4 or 8.</param>
    public static void Swap(Span<byte> data, int size)
    {
        switch (size)
        {
            case sizeof(ushort):
                Span<ushort> shorts = MemoryMarshal.Cast<byte, ushort>(data);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case sizeof(uint):
                Span<uint> words = MemoryMarshal.Cast<byte, uint>(data);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case sizeof(ulong):
                Span<ulong> longs = MemoryMarshal.Cast<byte, ulong>(data);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> data, Span<double> values)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> elements = MemoryMarshal.Cast<byte, T>(data);
        for (int i = 0; i < elements.Length; i++) values[i] = double.CreateTruncating(elements[i]);
    }
}
