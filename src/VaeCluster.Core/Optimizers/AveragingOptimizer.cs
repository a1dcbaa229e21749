using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// An optimiser that keeps a moving average of the weights as an additional moment: a ← a + (1 − decay)·(w − a) after every update, and
/// a = w after the first, like PyTorch's AveragedModel. The weights themselves are the same as without it.
/// </summary>
internal sealed class AveragingOptimizer(IOptimizer inner, double decay) : IOptimizer
{
    private readonly float _rest = (float)(1 - decay);

    public string Name => inner.Name;

    public int Moments => inner.Moments + 1;

    public int? Average => inner.Moments;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step)
    {
        moments.Check(weights, gradientSum, Moments);
        inner.Update(weights, gradientSum, moments.First(inner.Moments), step);
        Span<float> average = moments[inner.Moments];
        if (step.Update == 1)
        {
            weights.CopyTo(average);
            return;
        }

        int i = 0;
        for (; i <= weights.Length - Lanes.Count; i += Lanes.Count)
            Lanes.Store(Moved(Lanes.Load(average, i), Lanes.Load(weights, i)), average, i);
        if (i < weights.Length) Lanes.StoreTail(Moved(Lanes.LoadTail(average[i..]), Lanes.LoadTail(weights[i..])), average[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Moved(Vector512<float> average, Vector512<float> weights) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(_rest), weights - average, average);
}
