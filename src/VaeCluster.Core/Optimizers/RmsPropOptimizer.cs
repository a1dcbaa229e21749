using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// RMSprop (Tieleman and Hinton, lecture 6.5, 2012) as in PyTorch: g ← g + d·w, v ← αv + (1 − α)g², and w ← w − lr·g/(√v + ε). The centred
/// form takes the root of v − a² with a ← αa + (1 − α)g. With momentum, b ← μb + g/(√… + ε) and w ← w − lr·b. PyTorch's default learning
/// rate is 0.01.
/// </summary>
internal sealed class RmsPropOptimizer(MemberSpec spec) : IOptimizer
{
    private readonly float _alpha = (float)spec.Number("alpha");
    private readonly float _rest = (float)(1 - spec.Number("alpha"));
    private readonly float _epsilon = (float)spec.Number("epsilon");
    private readonly float _momentum = (float)spec.Number("momentum");
    private readonly bool _centered = spec.Flag("centered");
    private readonly float _weightDecay = (float)spec.Number("weightDecay");

    internal static Member Member { get; } = new(
        "rmsprop",
        "RMSprop: divides the gradient by the root of its mean square",
        [
            new("alpha", FieldKind.Number, "α: decay rate of the running mean square") { Default = 0.99, Min = 0, Max = 0.999999 },
            new("epsilon", FieldKind.Number, "ε, added to the root of the mean square") { Default = 1e-8, Min = 0, AboveMin = true },
            new("momentum", FieldKind.Number, "momentum: share of the previous update kept") { Default = 0.0, Min = 0, Max = 0.999999 },
            new("centered", FieldKind.Flag, "subtract the squared mean gradient from the mean square, which makes it a variance")
            {
                Default = false,
            },
            new("weightDecay", FieldKind.Number, "weight decay (L2), added to the gradient") { Default = 0.0, Min = 0 },
        ]);

    public string Name => "rmsprop";

    public int Moments => 1 + (_momentum > 0 ? 1 : 0) + (_centered ? 1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step)
    {
        moments.Check(weights, gradientSum, Moments);
        Span<float> squares = moments[0], move = _momentum > 0 ? moments[1] : default, mean = _centered ? moments[Moments - 1] : default;
        int i = 0;
        for (; i <= weights.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> w = Lanes.Load(weights, i), v = Lanes.Load(squares, i);
            Vector512<float> b = move.IsEmpty ? default : Lanes.Load(move, i), a = mean.IsEmpty ? default : Lanes.Load(mean, i);
            Apply(ref w, Lanes.Load(gradientSum, i), ref v, ref b, ref a, step);
            Lanes.Store(w, weights, i);
            Lanes.Store(v, squares, i);
            if (!move.IsEmpty) Lanes.Store(b, move, i);
            if (!mean.IsEmpty) Lanes.Store(a, mean, i);
        }

        if (i < weights.Length)
        {
            Vector512<float> w = Lanes.LoadTail(weights[i..]), v = Lanes.LoadTail(squares[i..]);
            Vector512<float> b = move.IsEmpty ? default : Lanes.LoadTail(move[i..]), a = mean.IsEmpty ? default : Lanes.LoadTail(mean[i..]);
            Apply(ref w, Lanes.LoadTail(gradientSum[i..]), ref v, ref b, ref a, step);
            Lanes.StoreTail(w, weights[i..]);
            Lanes.StoreTail(v, squares[i..]);
            if (!move.IsEmpty) Lanes.StoreTail(b, move[i..]);
            if (!mean.IsEmpty) Lanes.StoreTail(a, mean[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Apply(
        ref Vector512<float> w, Vector512<float> gradientSum, ref Vector512<float> v, ref Vector512<float> b, ref Vector512<float> a,
        in UpdateStep step)
    {
        Vector512<float> g =
            Vector512.FusedMultiplyAdd(Vector512.Create(_weightDecay), w, gradientSum * Vector512.Create(step.GradientScale));
        Vector512<float> alpha = Vector512.Create(_alpha), rest = Vector512.Create(_rest);
        v = Vector512.FusedMultiplyAdd(alpha, v, rest * g * g);
        Vector512<float> spread = v;
        if (_centered)
        {
            a = Vector512.FusedMultiplyAdd(alpha, a, rest * g);

            // Rounding can make the variance slightly negative, and its root NaN; a NaN from the gradient must stay NaN.
            spread = Vector512.FusedMultiplyAdd(-a, a, v);
            spread = Vector512.ConditionalSelect(Vector512.LessThan(spread, Vector512<float>.Zero), Vector512<float>.Zero, spread);
        }

        Vector512<float> direction = g / (Vector512.Sqrt(spread) + Vector512.Create(_epsilon));
        if (_momentum > 0) direction = b = Vector512.FusedMultiplyAdd(Vector512.Create(_momentum), b, direction);
        w = Vector512.FusedMultiplyAdd(Vector512.Create(-step.LearningRate), direction, w);
    }
}
