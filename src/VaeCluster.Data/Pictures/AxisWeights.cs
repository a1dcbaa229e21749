namespace VaeCluster.Data.Pictures;

/// <summary>
/// The weight of each old row (or column) in each new one, as integers, so that a resized image has the same bits on every machine.
/// Shrinking averages over the area that a new pixel covers; enlarging interpolates linearly between the centres of old pixels.
/// </summary>
internal sealed class AxisWeights
{
    private readonly int[] _first;
    private readonly int[][] _weights;

    private AxisWeights(int[] first, int[][] weights, int total)
    {
        _first = first;
        _weights = weights;
        Total = total;
    }

    /// <summary>The sum of the weights of each new position.</summary>
    internal int Total { get; }

    /// <summary>The weights for resizing from one size to another.</summary>
    /// <param name="from">Number of old positions, at least 1.</param>
    /// <param name="to">Number of new positions, at least 1.</param>
    internal static AxisWeights Between(int from, int to) => to <= from ? Areas(from, to) : Lines(from, to);

    /// <summary>The first old position that contributes to a new one.</summary>
    /// <param name="to">The new position.</param>
    internal int First(int to) => _first[to];

    /// <summary>The weights of the old positions, starting at <see cref="First"/>.</summary>
    /// <param name="to">The new position.</param>
    internal ReadOnlySpan<int> Of(int to) => _weights[to];

    // In units of 1/to of an old position, new position i covers from·i … from·(i + 1) and old position k covers to·k … to·(k + 1).
    private static AxisWeights Areas(int from, int to)
    {
        int[] first = new int[to];
        int[][] weights = new int[to][];
        for (int i = 0; i < to; i++)
        {
            long start = (long)from * i, end = (long)from * (i + 1);
            first[i] = (int)(start / to);
            int last = (int)((end - 1) / to);
            weights[i] = [.. Enumerable.Range(first[i], last - first[i] + 1).Select(
                k => (int)(Math.Min(end, (long)to * (k + 1)) - Math.Max(start, (long)to * k)))];
        }

        return new AxisWeights(first, weights, from);
    }

    // The centre of new position i is at (2i + 1)·from/(2·to) − ½ in units of old positions.
    private static AxisWeights Lines(int from, int to)
    {
        int[] first = new int[to];
        int[][] weights = new int[to][];
        int unit = 2 * to;
        for (int i = 0; i < to; i++)
        {
            long place = ((((2L * i) + 1) * from) - to);
            int before = (int)Math.Clamp(Math.DivRem(place + unit, unit).Quotient - 1, 0, from - 1), after = Math.Min(before + 1, from - 1);
            int beyond = (int)Math.Clamp(place - ((long)before * unit), 0, unit);
            first[i] = before;
            weights[i] = after == before ? [unit] : [unit - beyond, beyond];
        }

        return new AxisWeights(first, weights, unit);
    }
}
