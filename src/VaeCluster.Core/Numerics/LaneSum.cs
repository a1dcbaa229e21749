using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>
/// Sums in one fixed order: element i is added to lane i mod 16, and the lanes are folded by halves (lane j adds lane j + 8, then j + 4,
/// j + 2, j + 1). The platform's sums use a different order for each vector width.
/// </summary>
public static class LaneSum
{
    /// <summary>The sum in float32.</summary>
    /// <param name="values">Any number of elements; the sum of none is 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(ReadOnlySpan<float> values)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count) sum += Lanes.Load(values, i);
        if (i < values.Length) sum += Lanes.LoadTail(values[i..]);
        return Fold(sum);
    }

    /// <summary>The sum of squares in float64, in which the square of a float32 is exact.</summary>
    /// <param name="values">Any number of elements; the sum of none is 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> values)
    {
        Vector512<double> low = Vector512<double>.Zero;
        Vector512<double> high = Vector512<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count) AddSquares(Lanes.Load(values, i), ref low, ref high);
        if (i < values.Length) AddSquares(Lanes.LoadTail(values[i..]), ref low, ref high);
        return Fold(low, high);
    }

    /// <summary>The sum of 16 lanes, folded by halves.</summary>
    /// <param name="lanes">The lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fold(Vector512<float> lanes)
    {
        Vector256<float> eight = lanes.GetLower() + lanes.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The sum of 16 float64 lanes, folded by halves.</summary>
    /// <param name="low">Lanes 0 to 7.</param>
    /// <param name="high">Lanes 8 to 15.</param>
    public static double Fold(Vector512<double> low, Vector512<double> high)
    {
        Vector512<double> eight = low + high;
        Vector256<double> four = eight.GetLower() + eight.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquares(Vector512<float> values, ref Vector512<double> low, ref Vector512<double> high)
    {
        (Vector512<double> first, Vector512<double> second) = Vector512.Widen(values);
        low = Vector512.FusedMultiplyAdd(first, first, low);
        high = Vector512.FusedMultiplyAdd(second, second, high);
    }
}
