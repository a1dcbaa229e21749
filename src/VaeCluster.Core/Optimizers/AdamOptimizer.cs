using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>
/// Adam (Kingma, Ba: Adam, a method for stochastic optimization. ICLR 2015) as in PyTorch, with ε outside the root:
/// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε). Weight decay d is added to the gradient
/// (g + d·w) in Adam; in AdamW (Loshchilov, Hutter: Decoupled weight decay regularization. ICLR 2019) w first shrinks by lr·d·w.
/// </summary>
internal sealed class AdamOptimizer : IOptimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly float _epsilon;
    private readonly float _weightDecay;
    private readonly bool _decoupled;

    private AdamOptimizer(MemberSpec spec, bool decoupled)
    {
        Name = spec.Name;
        _beta1 = spec.Number("beta1");
        _beta2 = spec.Number("beta2");
        _epsilon = (float)spec.Number("epsilon");
        _weightDecay = (float)spec.Number("weightDecay");
        _decoupled = decoupled;
    }

    internal static Member Adam { get; } = new("adam", "Adam; weight decay is added to the gradient", Fields(weightDecay: 0));

    internal static Member AdamW { get; } = new("adamw", "Adam with decoupled weight decay", Fields(weightDecay: 0.01));

    public string Name { get; }

    public int Moments => 2;

    internal static AdamOptimizer Create(MemberSpec spec, bool decoupled) => new(spec, decoupled);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(Span<float> weights, ReadOnlySpan<float> gradientSum, MomentSpans moments, in UpdateStep step)
    {
        moments.Check(weights, gradientSum, Moments);
        Span<float> moment1 = moments[0], moment2 = moments[1];
        var coefficients = new Coefficients(this, step);
        int i = 0;
        for (; i <= weights.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> w = Lanes.Load(weights, i);
            Vector512<float> m = Lanes.Load(moment1, i);
            Vector512<float> v = Lanes.Load(moment2, i);
            coefficients.Apply(ref w, Lanes.Load(gradientSum, i), ref m, ref v);
            Lanes.Store(w, weights, i);
            Lanes.Store(m, moment1, i);
            Lanes.Store(v, moment2, i);
        }

        if (i < weights.Length)
        {
            Vector512<float> w = Lanes.LoadTail(weights[i..]);
            Vector512<float> m = Lanes.LoadTail(moment1[i..]);
            Vector512<float> v = Lanes.LoadTail(moment2[i..]);
            coefficients.Apply(ref w, Lanes.LoadTail(gradientSum[i..]), ref m, ref v);
            Lanes.StoreTail(w, weights[i..]);
            Lanes.StoreTail(m, moment1[i..]);
            Lanes.StoreTail(v, moment2[i..]);
        }
    }

    private static FieldRule[] Fields(double weightDecay) =>
    [
        new("beta1", FieldKind.Number, "β₁: decay rate of the running mean of the gradient") { Default = 0.9, Min = 0, Max = 0.999999 },
        new("beta2", FieldKind.Number, "β₂: decay rate of the running mean of its square") { Default = 0.999, Min = 0, Max = 0.99999999 },
        new("epsilon", FieldKind.Number, "ε, added to the root of the mean square") { Default = 1e-8, Min = 0, AboveMin = true },
        new("weightDecay", FieldKind.Number, "weight decay") { Default = weightDecay, Min = 0 },
    ];

    /// <summary>The scalars of one update as float32, computed once per call. Bias corrections are computed in float64.</summary>
    private readonly struct Coefficients
    {
        private readonly float _scale;
        private readonly float _beta1;
        private readonly float _oneMinusBeta1;
        private readonly float _beta2;
        private readonly float _oneMinusBeta2;
        private readonly float _rootFactor;
        private readonly float _epsilon;
        private readonly float _stepSize;
        private readonly float _gradientDecay;
        private readonly float _weightShrink;

        internal Coefficients(AdamOptimizer optimizer, in UpdateStep step)
        {
            _scale = step.GradientScale;
            _beta1 = (float)optimizer._beta1;
            _oneMinusBeta1 = (float)(1 - optimizer._beta1);
            _beta2 = (float)optimizer._beta2;
            _oneMinusBeta2 = (float)(1 - optimizer._beta2);
            _rootFactor = (float)(1 / Math.Sqrt(1 - ScalarMath.Power(optimizer._beta2, step.Update)));
            _epsilon = optimizer._epsilon;
            _stepSize = (float)(step.LearningRate / (1 - ScalarMath.Power(optimizer._beta1, step.Update)));
            _gradientDecay = optimizer._decoupled ? 0f : optimizer._weightDecay;
            _weightShrink = optimizer._decoupled ? step.LearningRate * optimizer._weightDecay : 0f;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Apply(ref Vector512<float> w, Vector512<float> gradientSum, ref Vector512<float> m, ref Vector512<float> v)
        {
            Vector512<float> g = gradientSum * Vector512.Create(_scale);
            g = Vector512.FusedMultiplyAdd(Vector512.Create(_gradientDecay), w, g);
            w = Vector512.FusedMultiplyAdd(Vector512.Create(-_weightShrink), w, w);
            m = Vector512.FusedMultiplyAdd(Vector512.Create(_beta1), m, Vector512.Create(_oneMinusBeta1) * g);
            v = Vector512.FusedMultiplyAdd(Vector512.Create(_beta2), v, Vector512.Create(_oneMinusBeta2) * g * g);
            Vector512<float> root =
                Vector512.FusedMultiplyAdd(Vector512.Sqrt(v), Vector512.Create(_rootFactor), Vector512.Create(_epsilon));
            w = Vector512.FusedMultiplyAdd(Vector512.Create(-_stepSize), m / root, w);
        }
    }
}
