using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>
/// A run so small that thousands of schedules of it are explored in a second, on whole numbers, so that any sum is exact: the gradient of
/// a shard depends on step, shard and weights, so whatever is lost, counted twice or computed with other weights shows.
/// </summary>
internal sealed class Arithmetic : IOptimizer
{
    internal const int Shards = 4, Steps = 4, Length = 11;

    /// <summary>Two ranges of several pieces each.</summary>
    internal static readonly BlockRange[] Ranges = [new(0, 0, 1, 0, 6), new(1, 1, 1, 6, 5)];

    /// <summary>The weights of an honest run, by step.</summary>
    internal static readonly float[][] Honest = Train();

    public string Name => "subtract";

    public int Moments => 1;

    /// <summary>The gradient of a shard.</summary>
    internal static float Gradient(int step, int shard, int element, float weight) =>
        ((((int)weight * 3) + (step * 31) + (shard * 17) + element) % 7) - 3;

    /// <summary>The loss of a shard: a bit of its own, so that a sum tells which shards are in it, and how often.</summary>
    internal static LossTerms Terms(int shard) => new(1 << (4 * shard), 0, 0);

    /// <summary>The loss of a batch in which every shard counts once.</summary>
    internal static double AllTerms => Enumerable.Range(0, Shards).Sum(shard => Terms(shard).Loss);

    /// <summary>Subtracts the gradient, and counts the updates.</summary>
    public void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] -= gradientSum[i];
            moments[0][i]++;
        }
    }

    private static float[][] Train()
    {
        var weights = new float[Steps + 1][];
        weights[0] = new float[Length];
        for (int step = 1; step <= Steps; step++)
        {
            int now = step;
            weights[step] =
            [
                .. weights[step - 1].Select((weight, i) =>
                    weight - Enumerable.Range(0, Shards).Sum(shard => Gradient(now, shard, i, weight))),
            ];
        }

        return weights;
    }
}
