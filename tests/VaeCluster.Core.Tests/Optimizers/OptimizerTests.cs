using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Optimizers;

public sealed class OptimizerTests
{
    public static TheoryData<string, double, double, bool> Choices => new()
    {
        { "sgd", 0, 0, false },
        { "sgd", 0, 0.1, false },
        { "sgd", 0.9, 0.1, false },
        { "sgd", 0.9, 0, true },
        { "adam", 0, 0, false },
        { "adam", 0, 0.1, false },
        { "adamw", 0, 0, false },
        { "adamw", 0, 0.1, false },
        { "rmsprop", 0, 0, false },
        { "rmsprop", 0.5, 0.1, true },
        { "adagrad", 0, 0.1, false },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Twenty_updates_match_the_formulas_in_float64(string name, double momentum, double weightDecay, bool nesterov)
    {
        IOptimizer optimizer = Create(name, momentum, weightDecay, nesterov);
        var state = new State(50, seed: 1);
        double[] w = [.. state.Weights.Select(value => (double)value)];
        var m = new double[50];
        var v = new double[50];
        var a = new double[50];
        for (int t = 1; t <= 20; t++)
        {
            float[] g = Normal(50, (uint)t);
            optimizer.Update(state.Weights, g, state.Moments, new UpdateStep(1f / 64, 0.01f, t));
            for (int i = 0; i < w.Length; i++)
                Reference(name, momentum, weightDecay, nesterov, ref w[i], g[i] / 64.0, ref m[i], ref v[i], ref a[i], t);
        }

        for (int i = 0; i < w.Length; i++) Assert.Equal(w[i], state.Weights[i], 2e-6);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Updating_the_vector_in_pieces_gives_the_same_bits(string name, double momentum, double weightDecay, bool nesterov)
    {
        IOptimizer optimizer = Create(name, momentum, weightDecay, nesterov);
        Check.QuickThrowOnFailure(Prop.ForAll<byte, byte, byte>((length, first, second) =>
        {
            var whole = new State(length, seed: 2);
            var cut = new State(length, seed: 2);
            int[] cuts = [0, .. new[] { first % (length + 1), second % (length + 1) }.Order(), length];
            for (int t = 1; t <= 3; t++)
            {
                float[] g = Normal(length, (uint)t);
                var step = new UpdateStep(0.1f, 0.01f, t);
                optimizer.Update(whole.Weights, g, whole.Moments, step);
                for (int i = 0; i < 3; i++)
                {
                    Range piece = cuts[i]..cuts[i + 1];
                    optimizer.Update(
                        cut.Weights.AsSpan(piece), g.AsSpan(piece), new MomentSpans(cut.All, cuts[i], cuts[i + 1] - cuts[i]), step);
                }
            }

            return whole.Weights.AsSpan().SequenceEqual(cut.Weights)
                && whole.All.Zip(cut.All, (left, right) => left.Span.SequenceEqual(right.Span)).All(same => same);
        }));
    }

    // By hand: m = 0.1·g and v = 0.001·g² are bias-corrected to g and g², so the first update is lr·g/(|g| + ε) whatever the size of g.
    [Theory]
    [InlineData(1e-4f)]
    [InlineData(3f)]
    [InlineData(-500f)]
    public void The_first_update_of_Adam_equals_the_learning_rate(float gradient)
    {
        float[] w = [1f];
        Create("adam", 0, 0, false).Update(w, [gradient], new MomentSpans(new float[1], new float[1]), new UpdateStep(1f, 0.001f, 1));
        Assert.Equal(1 - 0.001 * gradient / (Math.Abs(gradient) + 1e-8), w[0], 1e-7);
    }

    // By hand: b = 1, then 0.5·1 + 1 = 1.5; w = 2 − 0.1·1 − 0.1·1.5.
    [Fact]
    public void Momentum_keeps_its_share_of_the_previous_update()
    {
        IOptimizer optimizer = Create("sgd", 0.5, 0, false);
        float[] w = [2f];
        var b = new float[1];
        optimizer.Update(w, [4f], new MomentSpans(b), new UpdateStep(0.25f, 0.1f, 1));
        optimizer.Update(w, [4f], new MomentSpans(b), new UpdateStep(0.25f, 0.1f, 2));
        Assert.Equal(1.75f, w[0], 1e-6f);
        Assert.Equal(1.5f, b[0]);
    }

    [Theory]
    [InlineData("sgd", 0.0, 0)]
    [InlineData("sgd", 0.9, 1)]
    [InlineData("adam", 0.0, 2)]
    [InlineData("rmsprop", 0.0, 1)]
    [InlineData("rmsprop", 0.9, 2)]
    [InlineData("adagrad", 0.0, 1)]
    public void Each_optimizer_declares_its_number_of_moments(string name, double momentum, int moments) =>
        Assert.Equal(moments, Create(name, momentum, 0, false).Moments);

    [Fact]
    public void An_average_does_not_change_the_weights_and_starts_as_the_first_updated_weights()
    {
        IOptimizer plain = Create("adam", 0, 0, false);
        IOptimizer averaging = OptimizerFactory.Create(
            new TrainingSpec { Average = new MemberSpec("ema", new Dictionary<string, object> { ["decay"] = 0.75 }) });
        Assert.Equal(3, averaging.Moments);
        Assert.Equal(2, averaging.Average);
        State expected = new(33, seed: 3), actual = new(33, seed: 3);
        for (int t = 1; t <= 2; t++)
        {
            float[] before = [.. actual.All[2].Span];
            plain.Update(expected.Weights, Normal(33, (uint)t), expected.Moments, new UpdateStep(0.1f, 0.01f, t));
            averaging.Update(actual.Weights, Normal(33, (uint)t), actual.Moments, new UpdateStep(0.1f, 0.01f, t));
            Assert.Equal(expected.Weights, actual.Weights);
            for (int i = 0; i < 33; i++)
                Assert.Equal(t == 1 ? actual.Weights[i] : (0.75f * before[i]) + (0.25f * actual.Weights[i]), actual.All[2].Span[i], 1e-6f);
        }
    }

    [Fact]
    public void Moments_of_another_length_are_refused() =>
        Assert.Throws<ArgumentException>(() => OptimizerFactory.Create(new MemberSpec("adam")).Update(
            new float[3], new float[3], new MomentSpans(new float[2], new float[2]), default));

    [Fact]
    public void The_error_for_an_unknown_optimizer_lists_the_known_ones()
    {
        var fault = Assert.Throws<ArgumentException>(() => OptimizerFactory.Create(new MemberSpec("adagrat")));
        Assert.Contains("adam, adamw, sgd, rmsprop, adagrad", fault.Message, StringComparison.Ordinal);
    }

    // The formulas in PyTorch's documentation.
    private static void Reference(
        string name, double momentum, double decay, bool nesterov, ref double w, double g, ref double m, ref double v, ref double a, int t)
    {
        const double Lr = 0.01f;
        if (name == "sgd")
        {
            g += decay * w;
            m = momentum * m + g;
            w -= Lr * (nesterov ? g + momentum * m : m);
            return;
        }

        if (name == "adagrad")
        {
            g += decay * w;
            v += g * g;
            w -= Lr * g / (Math.Sqrt(v) + 1e-10);
            return;
        }

        if (name == "rmsprop")
        {
            // The test cases with momentum are also centred; `a` is the running mean of the gradient.
            g += decay * w;
            v = 0.99 * v + 0.01 * g * g;
            a = 0.99 * a + 0.01 * g;
            double direction = g / (Math.Sqrt(nesterov ? v - a * a : v) + 1e-8);
            m = momentum * m + direction;
            w -= Lr * m;
            return;
        }

        if (name == "adam") g += decay * w;
        else w -= Lr * decay * w;
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        w -= Lr * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
    }

    private static IOptimizer Create(string name, double momentum, double weightDecay, bool nesterov)
    {
        var values = new Dictionary<string, object> { ["weightDecay"] = weightDecay };
        if (name == "sgd") (values["momentum"], values["nesterov"]) = (momentum, nesterov);
        if (name == "rmsprop") (values["momentum"], values["centered"]) = (momentum, nesterov);
        return OptimizerFactory.Create(new MemberSpec(name, values));
    }

    private static float[] Normal(int length, uint time)
    {
        var values = new float[length];
        new RandomStream(9, RandomPurpose.Score, time, 0).FillNormal(values);
        return values;
    }

    private sealed class State(int length, uint seed)
    {
        internal float[] Weights { get; } = Normal(length, seed + 1000);

        internal Memory<float>[] All { get; } = [new float[length], new float[length], new float[length]];

        internal MomentSpans Moments => new(All);
    }
}
