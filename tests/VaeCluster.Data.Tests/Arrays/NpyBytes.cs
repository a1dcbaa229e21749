using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VaeCluster.Data.Tests.Arrays;

/// <summary>Makes .npy files, valid and invalid.</summary>
internal static class NpyBytes
{
    public static byte[] Of(string descr, int[] shape, ReadOnlySpan<byte> data, bool fortran = false)
    {
        string tuple = string.Join(", ", shape) + (shape.Length == 1 ? "," : string.Empty);
        string header = $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({tuple}), }}";
        header = header.PadRight(((10 + header.Length + 64) / 64 * 64) - 11) + "\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }

    public static byte[] Bytes(int[] shape, params byte[] values) => Of("|u1", shape, values);

    public static byte[] Singles(int[] shape, params float[] values) => Of("<f4", shape, MemoryMarshal.AsBytes<float>(values));

    public static byte[] Doubles(int[] shape, params double[] values) => Of("<f8", shape, MemoryMarshal.AsBytes<double>(values));

    public static byte[] Integers(int[] shape, params long[] values) => Of("<i8", shape, MemoryMarshal.AsBytes<long>(values));

    /// <summary>An array of the given shape with the bytes 0, 1, 2, …</summary>
    public static byte[] Counting(params int[] shape) =>
        Bytes(shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (byte)i)]);
}
