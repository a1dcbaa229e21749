using VaeCluster.Core.Numerics;
using VaeCluster.Core.Parameters;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// The Euclidean norm of the whole gradient from the squares of its blocks, which any thread or machine may sum: one block has one
/// value, and blocks are combined in their order.
/// </summary>
public static class GlobalNorm
{
    /// <summary>The sum of squares of each block of a range, in float64.</summary>
    /// <param name="gradientSum">The range's gradient, summed over the batch; it starts at a block's first element.</param>
    /// <param name="squares">Receives one number a block.</param>
    /// <exception cref="ArgumentException"><paramref name="squares"/> has not one place a block.</exception>
    public static void BlockSquares(ReadOnlySpan<float> gradientSum, Span<double> squares)
    {
        var partition = new BlockPartition(gradientSum.Length);
        if (squares.Length != partition.Count) throw new ArgumentException($"{partition.Count} blocks, but room for {squares.Length}", nameof(squares));

        for (int block = 0; block < squares.Length; block++)
        {
            (int offset, int length) = partition[block];
            squares[block] = LaneSum.SumOfSquares(gradientSum.Slice(offset, length));
        }
    }

    /// <summary>The norm of the scaled gradient.</summary>
    /// <param name="squares">The sums of squares of all blocks of the vector, in block order.</param>
    /// <param name="scale">What the summed gradient is multiplied with, usually 1/batch.</param>
    /// <returns>Not finite where any element of the gradient is not.</returns>
    public static double Combine(ReadOnlySpan<double> squares, double scale)
    {
        return Math.Sqrt(SumInOrder(squares)) * scale;
    }

    /// <summary>The sum of squares of the whole vector.</summary>
    /// <param name="squares">The sums of squares of all blocks, in block order: the order is part of the arithmetic.</param>
    public static double SumInOrder(ReadOnlySpan<double> squares)
    {
        double sum = 0;
        foreach (double square in squares) sum += square;
        return sum;
    }

    /// <summary>What a gradient is multiplied with so that its norm is at most the limit: max / (norm + 1e-6), never above 1, as PyTorch clips.</summary>
    /// <param name="norm">The norm of the gradient.</param>
    /// <param name="max">The largest norm allowed; null: no limit.</param>
    public static double ClipFactor(double norm, double? max) => max is double limit ? Math.Min(1, limit / (norm + 1e-6)) : 1;
}
