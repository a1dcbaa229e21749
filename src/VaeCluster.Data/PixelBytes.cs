using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Data;

/// <summary>Converts bytes to pixels.</summary>
internal static class PixelBytes
{
    private const float White = 255f;

    /// <summary>pixels[i] = bytes[i] / 255, correctly rounded, so the bits are the same for every vector width and span length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ToFloat(ReadOnlySpan<byte> bytes, Span<float> pixels)
    {
        pixels = pixels[..bytes.Length];
        var white = Vector512.Create(White);
        int whole = bytes.Length & -Vector128<byte>.Count;
        for (int i = 0; i < whole; i += Vector128<byte>.Count)
        {
            Vector128<byte> sixteen = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(bytes), (nuint)i);
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(sixteen);
            (Vector256<uint> first, Vector256<uint> second) = Vector256.Widen(Vector256.Create(low, high));
            Vector512<int> values = Vector512.Create(first, second).AsInt32();
            (Vector512.ConvertToSingle(values) / white).StoreUnsafe(ref MemoryMarshal.GetReference(pixels), (nuint)i);
        }

        for (int i = whole; i < bytes.Length; i++)
            pixels[i] = bytes[i] / White;
    }
}
