namespace VaeCluster.Data.Pictures;

/// <summary>
/// How much each old row (or column) gives to each new one: whole numbers, so that a resized picture has the same bits on every machine.
/// Smaller sizes average the area that a new pixel covers, larger ones interpolate linearly between the centres of old pixels.
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

    /// <summary>What the weights of each new position add up to.</summary>
    internal int Total { get; }

    /// <summary>The weights from one size to another.</summary>
    /// <param name="from">Old positions, at least 1.</param>
    /// <param name="to">New positions, at least 1.</param>
    internal static AxisWeights Between(int from, int to) => to <= from ? Areas(from, to) : Lines(from, to);

    /// <summary>The first old position that a new one takes from.</summary>
    /// <param name="to">The new position.</param>
    internal int First(int to) => _first[to];

    /// <summary>The weights of old positions from <see cref="First"/> on.</summary>
    /// <param name="to">The new position.</param>
    internal ReadOnlySpan<int> Of(int to) => _weights[to];

    // In units of 1/to of an old position, a new one covers from·i … from·(i + 1), an old one to·k … to·(k + 1).
    private static AxisWeights Areas(int from, int to)
    {
        int[] first = new int[to];
        int[][] weights = new int[to][];
        for (int i = 0; i < to; i++)
        {
            long start = (long)from * i, end = (long)from * (i + 1);
            first[i] = (int)(start / to);
            int last = (int)((end - 1) / to);
            weights[i] = [.. Enumerable.Range(first[i], last - first[i] + 1).Select(k => (int)(Math.Min(end, (long)to * (k + 1)) - Math.Max(start, (long)to * k)))];
        }

        return new AxisWeights(first, weights, from);
    }

    // The centre of new position i is at (2i + 1)·from/(2·to) − ½ among the centres of old ones.
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
