using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Measuring;

/// <summary>
/// Fused multiply-adds on registers only: measures the peak floating-point operations per second of one thread of this machine.
/// </summary>
public static class PeakProbe
{
    private const int Rounds = 20_000;

    // More independent chains than latency × ports, but no more than fit in the registers.
    private const int Chains512 = 16, Chains256 = 10;

    private static readonly float[] Sink = new float[1];

    /// <summary>Floating-point operations of one <see cref="Run"/>; a multiply-add is two.</summary>
    public static double Flops => 2.0 * Rounds * (Vector512.IsHardwareAccelerated ? 16 * Chains512 : 8 * Chains256);

    /// <summary>Runs the operations once.</summary>
    public static void Run() => Sink[0] = Vector512.IsHardwareAccelerated ? Run512(0.999f) : Run256(0.999f);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run512(float factor)
    {
        Vector512<float> f = Vector512.Create(factor), a = Vector512.Create(1e-3f);
        Vector512<float> c0 =
            a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, d0 = a, d1 = a, d2 = a, d3 = a, d4 = a, d5 = a;
        for (int i = 0; i < Rounds; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, f, a);
            c1 = Vector512.FusedMultiplyAdd(c1, f, a);
            c2 = Vector512.FusedMultiplyAdd(c2, f, a);
            c3 = Vector512.FusedMultiplyAdd(c3, f, a);
            c4 = Vector512.FusedMultiplyAdd(c4, f, a);
            c5 = Vector512.FusedMultiplyAdd(c5, f, a);
            c6 = Vector512.FusedMultiplyAdd(c6, f, a);
            c7 = Vector512.FusedMultiplyAdd(c7, f, a);
            c8 = Vector512.FusedMultiplyAdd(c8, f, a);
            c9 = Vector512.FusedMultiplyAdd(c9, f, a);
            d0 = Vector512.FusedMultiplyAdd(d0, f, a);
            d1 = Vector512.FusedMultiplyAdd(d1, f, a);
            d2 = Vector512.FusedMultiplyAdd(d2, f, a);
            d3 = Vector512.FusedMultiplyAdd(d3, f, a);
            d4 = Vector512.FusedMultiplyAdd(d4, f, a);
            d5 = Vector512.FusedMultiplyAdd(d5, f, a);
        }

        return Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + d0 + d1 + d2 + d3 + d4 + d5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run256(float factor)
    {
        Vector256<float> f = Vector256.Create(factor), a = Vector256.Create(1e-3f);
        Vector256<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a;
        for (int i = 0; i < Rounds; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, f, a);
            c1 = Vector256.FusedMultiplyAdd(c1, f, a);
            c2 = Vector256.FusedMultiplyAdd(c2, f, a);
            c3 = Vector256.FusedMultiplyAdd(c3, f, a);
            c4 = Vector256.FusedMultiplyAdd(c4, f, a);
            c5 = Vector256.FusedMultiplyAdd(c5, f, a);
            c6 = Vector256.FusedMultiplyAdd(c6, f, a);
            c7 = Vector256.FusedMultiplyAdd(c7, f, a);
            c8 = Vector256.FusedMultiplyAdd(c8, f, a);
            c9 = Vector256.FusedMultiplyAdd(c9, f, a);
        }

        return Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9);
    }
}
