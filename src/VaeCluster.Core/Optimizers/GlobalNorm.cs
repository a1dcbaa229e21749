using VaeCluster.Core.Numerics;
using VaeCluster.Core.Parameters;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// The Euclidean norm of the whole gradient, from the sums of squares of its blocks. Any thread or machine may compute a block's sum;
/// the sums are combined in block order, so the bits do not depend on who computed them.
/// </summary>
public static class GlobalNorm
{
    /// <summary>The sum of squares of each block of a range, in float64.</summary>
    /// <param name="gradientSum">The range's gradient, summed over the batch; it starts at a block's first element.</param>
    /// <param name="squares">Receives one number per block.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="squares"/> is not the number of blocks.</exception>
    public static void BlockSquares(ReadOnlySpan<float> gradientSum, Span<double> squares)
    {
        var partition = new BlockPartition(gradientSum.Length);
        if (squares.Length != partition.Count)
            throw new ArgumentException($"{partition.Count} blocks, but room for {squares.Length}", nameof(squares));

        for (int block = 0; block < squares.Length; block++)
        {
            (int offset, int length) = partition[block];
            squares[block] = LaneSum.SumOfSquares(gradientSum.Slice(offset, length));
        }
    }

    /// <summary>The norm of the scaled gradient.</summary>
    /// <param name="squares">The sums of squares of all blocks of the vector, in block order.</param>
    /// <param name="scale">The factor on the summed gradient, usually 1/batch.</param>
    /// <returns>The norm; not finite if any element of the gradient is not.</returns>
    public static double Combine(ReadOnlySpan<double> squares, double scale)
    {
        return Math.Sqrt(SumInOrder(squares)) * scale;
    }

    /// <summary>The sum of squares of the whole vector.</summary>
    /// <param name="squares">The sums of squares of all blocks, in block order (another order gives other bits).</param>
    public static double SumInOrder(ReadOnlySpan<double> squares)
    {
        double sum = 0;
        foreach (double square in squares) sum += square;
        return sum;
    }

    /// <summary>The factor that clips the gradient's norm to the limit: min(1, max / (norm + 1e-6)), as in PyTorch.</summary>
    /// <param name="norm">The norm of the gradient.</param>
    /// <param name="max">The largest norm allowed; null for no clipping.</param>
    public static double ClipFactor(double norm, double? max) => max is double limit ? Math.Min(1, limit / (norm + 1e-6)) : 1;
}
