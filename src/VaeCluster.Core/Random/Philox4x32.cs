using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Random;

/// <summary>
/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011):
/// any block of four words can be computed on its own, so a number does not depend on who draws it or when.
/// </summary>
public static class Philox4x32
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>The four words of one counter.</summary>
    /// <param name="c0">Counter word 0.</param>
    /// <param name="c1">Counter word 1.</param>
    /// <param name="c2">Counter word 2.</param>
    /// <param name="c3">Counter word 3.</param>
    /// <param name="k0">Key word 0.</param>
    /// <param name="k1">Key word 1.</param>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>The words of 16 counters that differ in word 0 only, one counter per lane.</summary>
    internal static (Vector512<uint> X0, Vector512<uint> X1, Vector512<uint> X2, Vector512<uint> X3) Blocks(
        Vector512<uint> c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        Vector512<uint> x0 = c0;
        Vector512<uint> x1 = Vector512.Create(c1);
        Vector512<uint> x2 = Vector512.Create(c2);
        Vector512<uint> x3 = Vector512.Create(c3);
        for (int round = 0; round < Rounds; round++)
        {
            (Vector512<uint> high0, Vector512<uint> low0) = Multiply(x0, Multiplier0);
            (Vector512<uint> high1, Vector512<uint> low1) = Multiply(x2, Multiplier1);
            x0 = high1 ^ x1 ^ Vector512.Create(k0);
            x2 = high0 ^ x3 ^ Vector512.Create(k1);
            x1 = low1;
            x3 = low0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (x0, x1, x2, x3);
    }

    // 32×32-bit products as 64-bit products of the even and the odd lanes, recombined into high and low words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<uint> High, Vector512<uint> Low) Multiply(Vector512<uint> x, uint multiplier)
    {
        Vector512<ulong> lowHalf = Vector512.Create(0x00000000FFFFFFFFUL);
        Vector512<ulong> factor = Vector512.Create((ulong)multiplier);
        Vector512<ulong> even = (x.AsUInt64() & lowHalf) * factor;
        Vector512<ulong> odd = Vector512.ShiftRightLogical(x.AsUInt64(), 32) * factor;
        Vector512<ulong> high = Vector512.ConditionalSelect(lowHalf, Vector512.ShiftRightLogical(even, 32), odd);
        Vector512<ulong> low = Vector512.ConditionalSelect(lowHalf, even, Vector512.ShiftLeft(odd, 32));
        return (high.AsUInt32(), low.AsUInt32());
    }
}
