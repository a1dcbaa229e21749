using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed.Tests.Graphs;

/// <summary>A small graph for every operation, function and kind of broadcasting; sizes are deliberately odd.</summary>
public static class OperationCases
{
    private static readonly Dictionary<string, Func<GraphBuilder, ParameterLayout.Builder, Node>> Cases = new()
    {
        ["dense"] = (g, p) => Dense(g, p, Activation.Identity),
        ["dense relu"] = (g, p) => Dense(g, p, Activation.Relu),
        ["dense leaky relu"] = (g, p) => Dense(g, p, Activation.LeakyRelu),
        ["dense tanh"] = (g, p) => Dense(g, p, Activation.Tanh),
        ["dense softplus"] = (g, p) => Dense(g, p, Activation.Softplus),
        ["dense of long sums"] = (g, p) =>
            Squares(g, g.Dense(g.Input("wide", 2500), p.Add("h.weight", [7, 2500], 2500), p.Add("h.bias", [7], 1))),
        ["masked dense"] = (g, p) => Squares(g, g.Dense(
            Features(g, p, 19), p.Add("h.weight", [35, 19], 4), p.Add("h.bias", [35], 4), Activation.Tanh, Mask(19, 35))),
        ["masked dense weights used twice"] = (g, p) =>
        {
            ParameterSlice weight = p.Add("h.weight", [18, 18], 18), bias = p.Add("h.bias", [18], 18);
            DenseMask mask = Mask(18, 18);
            return Squares(g, g.Dense(g.Dense(Features(g, p, 18), weight, bias, Activation.Tanh, mask), weight, bias, mask: mask));
        },
        ["dense with two consumers"] = TwoConsumers,
        ["dense weights used twice"] = WeightsUsedTwice,
        ["parameter used twice"] = ParameterUsedTwice,
        ["parameter not used"] = (g, p) =>
        {
            p.Add("unused", [19], 1);
            return Squares(g, Features(g, p, 5));
        },
        ["value that the loss does not depend on"] = (g, p) =>
        {
            Node x = Features(g, p, 5);
            g.Output("shown", g.Affine(g.Sum(x), 0.5f));
            return Squares(g, x);
        },
        ["relu"] = (g, p) => Unary(g, p, UnaryFunction.Relu),
        ["leaky relu"] = (g, p) => Unary(g, p, UnaryFunction.LeakyRelu, 0.2f),
        ["tanh"] = (g, p) => Unary(g, p, UnaryFunction.Tanh),
        ["sigmoid"] = (g, p) => Unary(g, p, UnaryFunction.Sigmoid),
        ["softplus"] = (g, p) => Unary(g, p, UnaryFunction.Softplus),
        ["silu"] = (g, p) => Unary(g, p, UnaryFunction.Silu),
        ["dense silu"] = (g, p) => Dense(g, p, Activation.Silu),
        ["group norm of features"] = (g, p) => Squares(g, Norm(g, p, Features(g, p, 30), 3, Activation.Identity)),
        ["layer norm"] = (g, p) => Squares(g, Norm(g, p, Features(g, p, 21), 1, Activation.Relu)),
        ["group norm of maps"] = (g, p) => Squares(g, Norm(g, p, Maps(g, p), 3, Activation.Tanh)),
        ["group norm of each channel"] = (g, p) => Squares(g, Norm(g, p, Maps(g, p), 6, Activation.LeakyRelu)),
        ["group norm of a value with two consumers"] = (g, p) =>
        {
            Node x = Features(g, p, 30);
            return g.Add(Squares(g, x), Squares(g, Norm(g, p, x, 5, Activation.Softplus)));
        },
        ["group norm between convolutions"] = (g, p) =>
            Squares(g, Conv(g, p, Norm(g, p, Conv(g, p, Maps(g, p), 6, "c"), 2, Activation.Silu), 5, "d")),
        ["silu between convolutions"] = (g, p) =>
            Squares(g, Conv(g, p, g.Unary(UnaryFunction.Silu, Conv(g, p, Maps(g, p), 6, "c")), 5, "d")),
        ["silu before features"] = (g, p) => Squares(g, g.Unary(UnaryFunction.Silu, Conv(g, p, Maps(g, p), 6, "c"))),
        ["upsample"] = (g, p) => Squares(g, g.Upsample(Maps(g, p), 2)),
        ["average pool"] = (g, p) => Squares(g, g.AveragePool(g.Reshape(Features(g, p, 6 * 4 * 6), 6, 4, 6), 2)),
        ["resampling between convolutions"] = (g, p) =>
        {
            Node up = Conv(g, p, g.Upsample(Conv(g, p, Maps(g, p), 6, "c"), 2), 5, "d");
            return Squares(g, Conv(g, p, g.AveragePool(up, 2), 3, "e"));
        },
        ["residual between convolutions"] = (g, p) =>
        {
            Node x = Conv(g, p, Maps(g, p), 6, "c");
            Node inner = Conv(g, p, Norm(g, p, x, 2, Activation.Silu), 6, "d");
            return Squares(g, Conv(g, p, g.Add(x, inner), 4, "e"));
        },
        ["residual of features as maps"] = (g, p) =>
        {
            Node x = Maps(g, p);
            return Squares(g, g.Add(x, Conv(g, p, Norm(g, p, x, 3, Activation.Relu), 6, "d")));
        },
        ["a map added to itself"] = (g, p) =>
        {
            Node x = Conv(g, p, Maps(g, p), 6, "c");
            return Squares(g, Conv(g, p, g.Add(x, x), 4, "d"));
        },
        ["channel scale of features"] = (g, p) => Squares(g, g.ChannelScale(Features(g, p, 21), g.Input("factors", 21))),
        ["channel scale of maps"] = (g, p) => Squares(g, g.ChannelScale(Maps(g, p), g.Input("factors", 6))),
        ["channel scale between convolutions"] = (g, p) => Squares(
            g, Conv(g, p, g.ChannelScale(Conv(g, p, Maps(g, p), 6, "c", Activation.Relu), g.Input("factors", 6)), 5, "d")),
        ["exp"] = (g, p) => Unary(g, p, UnaryFunction.Exp),
        ["log"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Log, g.Unary(UnaryFunction.Exp, Features(g, p, 21)))),
        ["square"] = (g, p) => Unary(g, p, UnaryFunction.Square),
        ["abs"] = (g, p) => Unary(g, p, UnaryFunction.Abs),
        ["affine"] = (g, p) => Unary(g, p, UnaryFunction.Affine, -1.5f, 0.25f),
        ["clamp"] = (g, p) => Unary(g, p, UnaryFunction.Clamp, -0.3f, 0.4f),
        ["function of a parameter"] = (g, p) =>
            g.Sum(g.Binary(BinaryFunction.Multiply, Features(g, p, 9), g.Unary(UnaryFunction.Exp, g.Parameter(p.Add("s", [9], 4))))),
        ["add"] = (g, p) => Binary(g, p, BinaryFunction.Add, 21),
        ["subtract"] = (g, p) => Binary(g, p, BinaryFunction.Subtract, 21),
        ["multiply"] = (g, p) => Binary(g, p, BinaryFunction.Multiply, 21),
        ["divide"] = (g, p) => Binary(g, p, BinaryFunction.Divide, 21),
        ["multiply by one feature"] = (g, p) => Binary(g, p, BinaryFunction.Multiply, 1),
        ["divide by one feature"] = (g, p) => Binary(g, p, BinaryFunction.Divide, 1),
        ["one feature over many"] = (g, p) => Squares(g, g.Binary(BinaryFunction.Divide, Features(g, p, 1), Positive(g, p, 21, "b"))),
        ["a gradient scaled by one feature"] = (g, p) => Squares(g, g.ScaleGradient(Features(g, p, 21), Positive(g, p, 1, "b"))),
        ["a gradient scaled by many features"] = (g, p) =>
        {
            Node factor = Positive(g, p, 21, "b");
            return g.Add(Squares(g, g.ScaleGradient(Features(g, p, 21), factor)), Squares(g, factor));
        },
        ["a gradient that is stopped"] = (g, p) =>
        {
            Node x = Features(g, p, 21), y = g.Unary(UnaryFunction.Square, Features(g, p, 21, "b"));
            return g.Sum(g.Binary(BinaryFunction.Multiply, g.Add(x, g.Stop(y)), g.Stop(x)));
        },
        ["multiply by itself"] = (g, p) =>
        {
            Node x = Features(g, p, 6);
            return g.Sum(g.Binary(BinaryFunction.Multiply, x, x));
        },
        ["multiply by a parameter"] = (g, p) =>
            Squares(g, g.Binary(BinaryFunction.Multiply, Features(g, p, 21), g.Parameter(p.Add("scale", [21], 4)))),
        ["add one parameter"] = (g, p) => Squares(g, g.Add(Features(g, p, 21), g.Parameter(p.Add("shift", [1], 4)))),
        ["scale"] = (g, p) => g.Sum(g.Scale(g.Unary(UnaryFunction.Square, Features(g, p, 21)), "beta")),
        ["shift"] = (g, p) => Squares(g, g.Shift(Features(g, p, 21), "capacity")),
        ["shift of a parameter"] = (g, p) => Squares(g, g.Add(Features(g, p, 9), g.Shift(g.Parameter(p.Add("s", [9], 4)), "capacity"))),
        ["log mean exp"] = (g, p) =>
            Squares(g, g.LogMeanExp([Features(g, p, 21), g.Affine(Features(g, p, 21, "b"), 3f), Features(g, p, 21, "c")])),
        ["log mean exp of large values"] = (g, p) => g.Sum(g.LogMeanExp(
            [
                g.Affine(Features(g, p, 5), 2f, -300f), g.Affine(Features(g, p, 5, "b"), 2f, -300f),
                g.Affine(Features(g, p, 5, "c"), 2f, -500f),
            ])),
        ["log mean exp of a value with two consumers"] = (g, p) =>
        {
            Node x = Features(g, p, 5);
            return g.Add(Squares(g, x), g.Sum(g.LogMeanExp([x, Features(g, p, 5, "b")])));
        },
        ["mean of values"] = (g, p) => Squares(g, g.Mean([Features(g, p, 7), Features(g, p, 7, "b"), Features(g, p, 7, "c")])),
        ["reshape and slice"] = (g, p) => Squares(g, g.Slice(g.Reshape(Features(g, p, 24), 2, 3, 4), 5, 17)),
        ["overlapping slices"] = (g, p) =>
        {
            Node x = Features(g, p, 24);
            return g.Sum(g.Binary(BinaryFunction.Multiply, g.Slice(x, 0, 15), g.Slice(x, 8, 15)));
        },
        ["reparameterize"] = (g, p) => Squares(g, g.Reparameterize(Features(g, p, 10), Features(g, p, 10, "v"), g.Input("noise", 10))),
        ["reparameterize with small variances"] = (g, p) =>
        {
            Node logVariance = g.Affine(Features(g, p, 10, "v"), 1f, -18f);
            return g.Sum(g.Affine(g.Reparameterize(g.Affine(Features(g, p, 10), 1f, 5f), logVariance, g.Input("noise", 10)), 1000f));
        },
        ["gaussian kl"] = (g, p) => g.Sum(g.GaussianKl(Features(g, p, 10), Features(g, p, 10, "v"))),
        ["mixture"] = (g, p) => g.MixtureLogDensity(Features(g, p, 10), Rows(g, p, "m", 19, 10), Rows(g, p, "v", 19, 10)),
        ["mixture with weights"] = (g, p) => Squares(
            g, g.MixtureLogDensity(Features(g, p, 10), Rows(g, p, "m", 19, 10), Rows(g, p, "v", 19, 10), Rows(g, p, "l", 19, 1))),
        ["mixture of one"] = (g, p) =>
            g.MixtureLogDensity(Features(g, p, 3), Rows(g, p, "m", 1, 3), Rows(g, p, "v", 1, 3), Rows(g, p, "l", 1, 1)),
        ["mixture of distant Gaussians"] = (g, p) =>
            g.MixtureLogDensity(g.Affine(Features(g, p, 10), 20f, 7f), Rows(g, p, "m", 3, 10), Rows(g, p, "v", 3, 10)),
        ["mixture used twice"] = (g, p) =>
        {
            Node mean = Rows(g, p, "m", 7, 5), logVariance = Rows(g, p, "v", 7, 5);
            Node first = Features(g, p, 5), second = Features(g, p, 5, "b");
            return g.Add(
                g.MixtureLogDensity(first, mean, logVariance), g.Add(Squares(g, first), g.MixtureLogDensity(second, mean, logVariance)));
        },
        ["mixture of what layers make of rows"] = (g, p) =>
        {
            // The same layer for the rows and for the examples, as in an encoder.
            ParameterSlice weight = p.Add("h.weight", [20, 23], 23), bias = p.Add("h.bias", [20], 23);
            Node code = g.Dense(g.Unary(UnaryFunction.Sigmoid, Rows(g, p, "u", 21, 23)), weight, bias, Activation.Tanh);
            Node z = g.Slice(g.Dense(Features(g, p, 23), weight, bias, Activation.Tanh), 0, 10);
            return g.MixtureLogDensity(z, g.Slice(code, 0, 10), g.Clamp(g.Slice(code, 10, 10), -30f, 20f));
        },
        ["mixture of what convolutions make of rows"] = (g, p) =>
        {
            Node image = Rows(g, p, "u", 3, 2, 6, 6);
            Node grid = g.Conv2d(
                image, p.Add("c.weight", [4, 2, 4, 4], 32), p.Add("c.bias", [4], 32), stride: 2, padding: 1, Activation.Relu);
            return g.MixtureLogDensity(Features(g, p, 36), grid, g.Reshape(g.Affine(grid, 0.5f), 36));
        },
        ["bernoulli"] = (g, p) => g.BernoulliLogLikelihood(Features(g, p, 37), g.Input("pixels", 37)),
        ["negative bernoulli"] = (g, p) => g.Affine(g.BernoulliLogLikelihood(Features(g, p, 37), g.Input("pixels", 37)), -1f),
        ["bernoulli with two consumers"] = (g, p) =>
        {
            Node logits = Features(g, p, 37);
            return g.Subtract(Squares(g, logits), g.BernoulliLogLikelihood(logits, g.Input("pixels", 37)));
        },
        ["gaussian"] = (g, p) => g.GaussianLogLikelihood(Features(g, p, 37), Features(g, p, 37, "v"), g.Input("pixels", 37)),
        ["gaussian one variance"] = (g, p) => g.GaussianLogLikelihood(Features(g, p, 37), Features(g, p, 1, "v"), g.Input("pixels", 37)),
        ["gaussian parameter"] = (g, p) =>
            g.GaussianLogLikelihood(Features(g, p, 37), g.Parameter(p.Add("v", [1], 4)), g.Input("pixels", 37)),
        ["continuous bernoulli mean"] = (g, p) =>
            Squares(g, g.Unary(UnaryFunction.ContinuousBernoulliMean, g.Affine(Features(g, p, 37), 4f))),
        ["continuous bernoulli"] = (g, p) => g.ContinuousBernoulliLogLikelihood(g.Affine(Features(g, p, 37), 4f), g.Input("pixels", 37)),
        ["continuous bernoulli near one half"] = (g, p) =>
            g.ContinuousBernoulliLogLikelihood(g.Affine(Features(g, p, 37), 1e-3f), g.Input("pixels", 37)),
        ["continuous bernoulli with two consumers"] = (g, p) =>
        {
            Node logits = Features(g, p, 37);
            return g.Subtract(Squares(g, logits), g.ContinuousBernoulliLogLikelihood(logits, g.Input("pixels", 37)));
        },
        ["laplace"] = (g, p) => g.LaplaceLogLikelihood(Features(g, p, 37), Features(g, p, 37, "s"), g.Input("pixels", 37)),
        ["laplace one scale"] = (g, p) => g.LaplaceLogLikelihood(Features(g, p, 37), Features(g, p, 1, "s"), g.Input("pixels", 37)),
        ["laplace parameter"] = (g, p) =>
            g.LaplaceLogLikelihood(Features(g, p, 37), g.Parameter(p.Add("s", [1], 4)), g.Input("pixels", 37)),
        ["discretized logistic"] = (g, p) => g.DiscretizedLogisticLogLikelihood(Features(g, p, 37), Features(g, p, 37, "s"), Levels(g)),
        ["discretized logistic of narrow scales"] = (g, p) =>
            g.DiscretizedLogisticLogLikelihood(Features(g, p, 37), g.Affine(Features(g, p, 37, "s"), 1f, -5f), Levels(g)),
        ["discretized logistic of wide scales"] = (g, p) =>
            g.DiscretizedLogisticLogLikelihood(Features(g, p, 37), g.Affine(Features(g, p, 37, "s"), 1f, 12f), Levels(g)),
        ["discretized logistic one scale"] = (g, p) =>
            g.DiscretizedLogisticLogLikelihood(Features(g, p, 37), Features(g, p, 1, "s"), Levels(g), 16),
        ["gaussian parameters"] = (g, p) =>
            g.GaussianLogLikelihood(Features(g, p, 37), g.Parameter(p.Add("v", [37], 4)), g.Input("pixels", 37)),
    };

    public static IEnumerable<string> All => Cases.Keys;

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static Trial Create(string name) => new(Cases[name]);

    private static Node Features(GraphBuilder g, ParameterLayout.Builder p, int size, string name = "w") =>
        g.Dense(g.Input($"x for {name}", 3), p.Add($"{name}.weight", [size, 3], 3), p.Add($"{name}.bias", [size], 3));

    private static Node Maps(GraphBuilder g, ParameterLayout.Builder p) => g.Reshape(Features(g, p, 6 * 4 * 5), 6, 4, 5);

    private static Node Conv(
        GraphBuilder g, ParameterLayout.Builder p, Node x, int channels, string name, Activation activation = Activation.Identity) =>
        g.Conv2d(
            x, p.Add($"{name}.weight", [channels, x.Shape[0], 3, 3], 9 * x.Shape[0]), p.Add($"{name}.bias", [channels], 9 * x.Shape[0]),
            stride: 1, padding: 1, activation);

    private static Node Norm(GraphBuilder g, ParameterLayout.Builder p, Node x, int groups, Activation activation) => g.GroupNorm(
        x, p.Add("norm.weight", [x.Shape[0]], 2), p.Add("norm.bias", [x.Shape[0]], 2), groups, activation);

    private static Node Rows(GraphBuilder g, ParameterLayout.Builder p, string name, params int[] shape) =>
        g.ParameterRows(p.Add(name, shape, 1));

    private static DenseMask Mask(int inputs, int outputs) =>
        new([.. Enumerable.Range(1, inputs)], [.. Enumerable.Range(0, outputs).Select(output => output % inputs)]);

    private static Node Positive(GraphBuilder g, ParameterLayout.Builder p, int size, string name) =>
        g.Affine(g.Unary(UnaryFunction.Square, Features(g, p, size, name)), 1f, 0.5f);

    // About half of the pixels are exactly black or white.
    private static Node Levels(GraphBuilder g) => g.Clamp(g.Affine(g.Input("pixels", 37), 2f, -0.5f), 0f, 1f);

    private static Node Squares(GraphBuilder g, Node x) => g.Sum(g.Unary(UnaryFunction.Square, x));

    private static Node Dense(GraphBuilder g, ParameterLayout.Builder p, Activation activation) =>
        Squares(g, g.Dense(Features(g, p, 19), p.Add("h.weight", [35, 19], 4), p.Add("h.bias", [35], 4), activation));

    private static Node TwoConsumers(GraphBuilder g, ParameterLayout.Builder p)
    {
        Node hidden = g.Dense(Features(g, p, 4), p.Add("h.weight", [18, 4], 4), p.Add("h.bias", [18], 4), Activation.Relu);
        Node left = g.Dense(hidden, p.Add("l.weight", [5, 18], 18), p.Add("l.bias", [5], 18), Activation.Tanh);
        Node right = g.Dense(hidden, p.Add("r.weight", [6, 18], 18), p.Add("r.bias", [6], 18), Activation.Softplus);
        return g.Add(Squares(g, left), g.Sum(right));
    }

    private static Node WeightsUsedTwice(GraphBuilder g, ParameterLayout.Builder p)
    {
        ParameterSlice weight = p.Add("h.weight", [18, 18], 18), bias = p.Add("h.bias", [18], 18);
        return Squares(g, g.Dense(g.Dense(Features(g, p, 18), weight, bias, Activation.Tanh), weight, bias));
    }

    private static Node ParameterUsedTwice(GraphBuilder g, ParameterLayout.Builder p)
    {
        ParameterSlice slice = p.Add("shift", [18], 4);
        return Squares(g, g.Binary(BinaryFunction.Multiply, g.Add(Features(g, p, 18), g.Parameter(slice)), g.Parameter(slice)));
    }

    private static Node Unary(GraphBuilder g, ParameterLayout.Builder p, UnaryFunction function, float a = 0, float b = 0) =>
        Squares(g, g.Unary(function, Features(g, p, 21), a, b));

    private static Node Binary(GraphBuilder g, ParameterLayout.Builder p, BinaryFunction function, int size) =>
        Squares(g, g.Binary(function, Features(g, p, 21), Positive(g, p, size, "b")));
}
