using VaeCluster.Core.Random;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// A mixture of normal distributions truncated to the range, one at each result and a wide one over the whole range, on the range's
/// (linear or logarithmic) scale. The width at a result is the clamped distance to its farther neighbour, so that the density is
/// finer where results are dense.
/// </summary>
internal sealed class ParzenDensity
{
    private readonly ParameterRange _range;
    private readonly double _low, _high;
    private readonly double[] _weights, _centres, _widths, _masses;

    /// <summary>Estimates the density.</summary>
    /// <param name="results">Values of results, oldest first.</param>
    /// <param name="range">Their range.</param>
    /// <param name="prior">Weight of the wide distribution.</param>
    internal ParzenDensity(double[] results, ParameterRange range, double prior)
    {
        _range = range;
        _low = range.Lowest;
        _high = range.Highest;
        _weights = TpeWeights.Of(results.Length, prior);
        _centres = [.. results.Select(range.Scaled), (_low + _high) / 2];
        _widths = Widths();
        _masses = [.. Enumerable.Range(0, _centres.Length).Select(i => Mass(i, _low, _high))];
    }

    /// <summary>Draws a value in the range.</summary>
    internal double Draw(RandomSequence random)
    {
        double left = random.NextUniform();
        int i = 0;
        while (i < _weights.Length - 1 && (left -= _weights[i]) >= 0) i++;
        double below = NormalCurve.Below((_low - _centres[i]) / _widths[i]);
        double scaled = _centres[i] + (_widths[i] * NormalCurve.Quantile(below + (random.NextUniform() * _masses[i])));
        return _range.FromScale(Math.Clamp(scaled, _low, _high));
    }

    /// <summary>The log density at a value; for whole numbers and steps, the log probability of the value.</summary>
    internal double LogAt(double value)
    {
        double sum = 0;
        double at = _range.Scaled(value);
        double? half = _range.Step is { } step ? step / 2 : _range.IsInteger ? 0.5 : null;
        for (int i = 0; i < _centres.Length; i++)
        {
            double part = half is { } h
                ? Mass(i, _range.IsLog ? _range.Scaled(Math.Max(value - h, value / 2)) : at - h, _range.Scaled(value + h))
                : NormalCurve.Height((at - _centres[i]) / _widths[i]) / _widths[i];
            sum += _weights[i] * part / _masses[i];
        }

        return Math.Log(Math.Max(sum, double.Epsilon));
    }

    private double Mass(int i, double from, double to) =>
        NormalCurve.Below((to - _centres[i]) / _widths[i]) - NormalCurve.Below((from - _centres[i]) / _widths[i]);

    private double[] Widths()
    {
        int count = _centres.Length;
        double widest = _high - _low, narrowest = widest / Math.Min(100, 1 + count);
        int[] order = [.. Enumerable.Range(0, count).OrderBy(i => _centres[i])];
        var widths = new double[count];
        for (int k = 0; k < count; k++)
        {
            // The end of the range counts as a neighbour only if there is a single result.
            double left = k > 0 ? _centres[order[k]] - _centres[order[k - 1]] : count > 1 ? 0 : _centres[order[k]] - _low;
            double right = k < count - 1 ? _centres[order[k + 1]] - _centres[order[k]] : count > 1 ? 0 : _high - _centres[order[k]];
            widths[order[k]] = Math.Clamp(Math.Max(left, right), narrowest, widest);
        }

        widths[count - 1] = widest;
        return widths;
    }
}
