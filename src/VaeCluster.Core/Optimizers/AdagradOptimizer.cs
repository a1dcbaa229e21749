using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// Adagrad (Duchi, Hazan, Singer: Adaptive subgradient methods. JMLR 2011) as in PyTorch: g ← g + d·w, s ← s + g² from a given initial
/// value, and w ← w − lr/(1 + (t − 1)·η) · g/(√s + ε). The moment is s without the initial value. PyTorch's default learning rate is 0.01.
/// </summary>
internal sealed class AdagradOptimizer(MemberSpec spec) : IOptimizer
{
    private readonly double _learningRateDecay = spec.Number("learningRateDecay");
    private readonly float _start = (float)spec.Number("initialAccumulator");
    private readonly float _epsilon = (float)spec.Number("epsilon");
    private readonly float _weightDecay = (float)spec.Number("weightDecay");

    internal static Member Member { get; } = new(
        "adagrad",
        "Adagrad: divides the gradient by the root of the sum of its squares",
        [
            new("learningRateDecay", FieldKind.Number, "learning-rate decay: η in lr/(1 + (t − 1)·η) at update t")
            {
                Default = 0.0,
                Min = 0,
                Max = 1e6,
            },
            new("initialAccumulator", FieldKind.Number, "initial value of the sum of squares") { Default = 0.0, Min = 0, Max = 1e6 },
            new("epsilon", FieldKind.Number, "ε, added to the root of the sum of squares") { Default = 1e-10, Min = 0, AboveMin = true },
            new("weightDecay", FieldKind.Number, "weight decay (L2), added to the gradient") { Default = 0.0, Min = 0 },
        ]);

    public string Name => "adagrad";

    public int Moments => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step)
    {
        moments.Check(weights, gradientSum, Moments);
        Span<float> squares = moments[0];
        float stepSize = (float)(step.LearningRate / (1 + ((step.Update - 1) * _learningRateDecay)));
        int i = 0;
        for (; i <= weights.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> w = Lanes.Load(weights, i), s = Lanes.Load(squares, i);
            Apply(ref w, Lanes.Load(gradientSum, i), ref s, step.GradientScale, stepSize);
            Lanes.Store(w, weights, i);
            Lanes.Store(s, squares, i);
        }

        if (i < weights.Length)
        {
            Vector512<float> w = Lanes.LoadTail(weights[i..]), s = Lanes.LoadTail(squares[i..]);
            Apply(ref w, Lanes.LoadTail(gradientSum[i..]), ref s, step.GradientScale, stepSize);
            Lanes.StoreTail(w, weights[i..]);
            Lanes.StoreTail(s, squares[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Apply(ref Vector512<float> w, Vector512<float> gradientSum, ref Vector512<float> s, float scale, float stepSize)
    {
        Vector512<float> g = Vector512.FusedMultiplyAdd(Vector512.Create(_weightDecay), w, gradientSum * Vector512.Create(scale));
        s = Vector512.FusedMultiplyAdd(g, g, s);
        Vector512<float> root = Vector512.Sqrt(s + Vector512.Create(_start)) + Vector512.Create(_epsilon);
        w = Vector512.FusedMultiplyAdd(Vector512.Create(-stepSize), g / root, w);
    }
}
