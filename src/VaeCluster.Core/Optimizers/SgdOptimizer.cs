using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// Stochastic gradient descent as in PyTorch: g ← g + d·w; with momentum b ← μb + g and w ← w − lr·b, or with Nesterov momentum
/// w ← w − lr·(g + μb).
/// </summary>
internal sealed class SgdOptimizer(MemberSpec spec) : IOptimizer
{
    private readonly float _momentum = (float)spec.Number("momentum");
    private readonly bool _nesterov = spec.Flag("nesterov");
    private readonly float _weightDecay = (float)spec.Number("weightDecay");

    internal static Member Member { get; } = new(
        "sgd",
        "stochastic gradient descent",
        [
            new("momentum", FieldKind.Number, "momentum: share of the previous update kept") { Default = 0.0, Min = 0, Max = 0.999999 },
            new("nesterov", FieldKind.Flag, "Nesterov momentum; no effect if momentum is 0") { Default = false },
            new("weightDecay", FieldKind.Number, "weight decay (L2), added to the gradient") { Default = 0.0, Min = 0 },
        ]);

    public string Name => "sgd";

    public int Moments => _momentum > 0 ? 1 : 0;

    public void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step)
    {
        moments.Check(weights, gradientSum, Moments);
        if (Moments == 0) Move(weights, gradientSum, step);
        else MoveWithMomentum(weights, gradientSum, moments[0], step);
    }

    private void Move(Span<float> weights, ReadOnlySpan<float> gradientSum, in UpdateStep step)
    {
        int i = 0;
        for (; i <= weights.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> w = Lanes.Load(weights, i);
            Lanes.Store(Moved(w, Gradient(w, Lanes.Load(gradientSum, i), step), step), weights, i);
        }

        if (i < weights.Length)
        {
            Vector512<float> w = Lanes.LoadTail(weights[i..]);
            Lanes.StoreTail(Moved(w, Gradient(w, Lanes.LoadTail(gradientSum[i..]), step), step), weights[i..]);
        }
    }

    private void MoveWithMomentum(Span<float> weights, ReadOnlySpan<float> gradientSum, Span<float> moment, in UpdateStep step)
    {
        int i = 0;
        for (; i <= weights.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> w = Lanes.Load(weights, i);
            Vector512<float> b = Lanes.Load(moment, i);
            Vector512<float> direction = Direction(Gradient(w, Lanes.Load(gradientSum, i), step), ref b);
            Lanes.Store(b, moment, i);
            Lanes.Store(Moved(w, direction, step), weights, i);
        }

        if (i < weights.Length)
        {
            Vector512<float> w = Lanes.LoadTail(weights[i..]);
            Vector512<float> b = Lanes.LoadTail(moment[i..]);
            Vector512<float> direction = Direction(Gradient(w, Lanes.LoadTail(gradientSum[i..]), step), ref b);
            Lanes.StoreTail(b, moment[i..]);
            Lanes.StoreTail(Moved(w, direction, step), weights[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Gradient(Vector512<float> w, Vector512<float> sum, in UpdateStep step) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(_weightDecay), w, sum * Vector512.Create(step.GradientScale));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Direction(Vector512<float> g, ref Vector512<float> b)
    {
        Vector512<float> momentum = Vector512.Create(_momentum);
        b = Vector512.FusedMultiplyAdd(momentum, b, g);
        return _nesterov ? Vector512.FusedMultiplyAdd(momentum, b, g) : b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Moved(Vector512<float> w, Vector512<float> direction, in UpdateStep step) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(-step.LearningRate), direction, w);
}
