using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>
/// A sum over features for 16 examples at once: feature f is added to accumulator f mod 4, and the four are added as (0 + 2) + (1 + 3).
/// Four accumulators hide the latency of additions and reduce the rounding error of long sums.
/// </summary>
internal struct FeatureSum
{
    private Vector512<float> _first, _second, _third, _fourth;

    /// <summary>The sum so far.</summary>
    internal readonly Vector512<float> Total => (_first + _third) + (_second + _fourth);

    /// <summary>Adds one feature's values.</summary>
    /// <param name="feature">Number of the feature.</param>
    /// <param name="values">Its values.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(int feature, Vector512<float> values)
    {
        switch (feature & 3)
        {
            case 0: _first += values; break;
            case 1: _second += values; break;
            case 2: _third += values; break;
            default: _fourth += values; break;
        }
    }
}
