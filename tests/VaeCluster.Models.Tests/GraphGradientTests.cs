using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;
using VaeCluster.Models.Reference;

namespace VaeCluster.Models.Tests;

/// <summary>Tests the reference interpreter's gradients against finite differences, operation by operation.</summary>
public sealed class GraphGradientTests
{
    private const int Examples = 3;

    public static TheoryData<string> Operations => [.. Graphs.Keys];

    private static readonly Dictionary<string, Func<GraphBuilder, ParameterLayout.Builder, Node>> Graphs = new()
    {
        ["dense"] = (g, p) => Dense(g, p, Activation.Identity),
        ["dense relu"] = (g, p) => Dense(g, p, Activation.Relu),
        ["dense leaky relu"] = (g, p) => Dense(g, p, Activation.LeakyRelu),
        ["dense tanh"] = (g, p) => Dense(g, p, Activation.Tanh),
        ["dense softplus"] = (g, p) => Dense(g, p, Activation.Softplus),
        ["masked dense"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, g.Dense(
            Features(g, p, 4), p.Add("h.weight", [5, 4], 4), p.Add("h.bias", [5], 4), Activation.Tanh,
            new DenseMask([1, 2, 3, 4], [0, 1, 2, 3, 1])))),
        ["conv"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, Conv(g, p, kernel: 4, stride: 2, padding: 1))),
        ["conv odd"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, Conv(g, p, kernel: 3, stride: 1, padding: 0))),
        ["transposed conv"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, ConvTranspose(g, p, kernel: 4, stride: 2, padding: 1))),
        ["transposed conv odd"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, ConvTranspose(g, p, kernel: 3, stride: 3, padding: 0))),
        ["relu"] = (g, p) => Unary(g, p, UnaryFunction.Relu),
        ["leaky relu"] = (g, p) => Unary(g, p, UnaryFunction.LeakyRelu, 0.2f),
        ["tanh"] = (g, p) => Unary(g, p, UnaryFunction.Tanh),
        ["sigmoid"] = (g, p) => Unary(g, p, UnaryFunction.Sigmoid),
        ["softplus"] = (g, p) => Unary(g, p, UnaryFunction.Softplus),
        ["exp"] = (g, p) => Unary(g, p, UnaryFunction.Exp),
        ["log"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Log, g.Unary(UnaryFunction.Exp, Features(g, p, 4)))),
        ["square"] = (g, p) => Unary(g, p, UnaryFunction.Square),
        ["abs"] = (g, p) => Unary(g, p, UnaryFunction.Abs),
        ["affine"] = (g, p) => Unary(g, p, UnaryFunction.Affine, -1.5f, 0.25f),
        ["clamp"] = (g, p) => Unary(g, p, UnaryFunction.Clamp, -0.9f, 0.6f),
        ["silu"] = (g, p) => Unary(g, p, UnaryFunction.Silu),
        ["dense silu"] = (g, p) => Dense(g, p, Activation.Silu),
        ["group norm of features"] = (g, p) => Squares(g, Norm(g, p, Features(g, p, 6), 2, Activation.Identity)),
        ["group norm of maps"] = (g, p) => Squares(g, Norm(g, p, g.Reshape(Features(g, p, 24), 4, 2, 3), 2, Activation.Tanh)),
        ["group norm with silu"] = (g, p) => Squares(g, Norm(g, p, g.Reshape(Features(g, p, 24), 4, 2, 3), 1, Activation.Silu)),
        ["group norm with leaky relu"] = (g, p) => Squares(g, Norm(g, p, Features(g, p, 6), 1, Activation.LeakyRelu)),
        ["upsample"] = (g, p) => Squares(g, g.Upsample(g.Reshape(Features(g, p, 12), 2, 2, 3), 2)),
        ["average pool"] = (g, p) => Squares(g, g.AveragePool(g.Reshape(Features(g, p, 48), 2, 4, 6), 2)),
        ["residual"] = (g, p) =>
        {
            Node x = g.Reshape(Features(g, p, 24), 4, 2, 3);
            return Squares(g, g.Add(x, Norm(g, p, x, 2, Activation.Silu)));
        },
        ["channel scale"] = (g, p) =>
            Squares(g, g.ChannelScale(g.Reshape(Features(g, p, 24), 4, 2, 3), g.Input("factors", 4))),
        ["add"] = (g, p) => Binary(g, p, BinaryFunction.Add, 4),
        ["subtract"] = (g, p) => Binary(g, p, BinaryFunction.Subtract, 4),
        ["multiply"] = (g, p) => Binary(g, p, BinaryFunction.Multiply, 4),
        ["divide"] = (g, p) => Binary(g, p, BinaryFunction.Divide, 4),
        ["divide by one feature"] = (g, p) => Binary(g, p, BinaryFunction.Divide, 1),
        ["multiply by a parameter"] = (g, p) =>
            g.Sum(g.Binary(BinaryFunction.Multiply, Features(g, p, 4), g.Parameter(p.Add("scale", [4], 4)))),
        ["add one parameter"] = (g, p) =>
            g.Sum(g.Unary(UnaryFunction.Square, g.Add(Features(g, p, 4), g.Parameter(p.Add("shift", [1], 4))))),
        ["scale"] = (g, p) => g.Sum(g.Scale(g.Unary(UnaryFunction.Square, Features(g, p, 4)), "beta")),
        ["shift"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, g.Shift(Features(g, p, 4), "capacity"))),
        ["log mean exp"] = (g, p) => g.Sum(g.LogMeanExp([Features(g, p, 4), Features(g, p, 4, "b"), Features(g, p, 4, "c")])),
        ["reshape and slice"] = (g, p) => g.Sum(g.Unary(UnaryFunction.Square, g.Slice(g.Reshape(Features(g, p, 6), 2, 3), 1, 4))),
        ["reparameterize"] = (g, p) =>
            g.Sum(g.Unary(UnaryFunction.Square, g.Reparameterize(Features(g, p, 4), Features(g, p, 4, "v"), g.Input("noise", 4)))),
        ["gaussian kl"] = (g, p) => g.Sum(g.GaussianKl(Features(g, p, 4), Features(g, p, 4, "v"))),
        ["mixture"] = (g, p) => g.MixtureLogDensity(Features(g, p, 4), Rows(g, p, "m", 3, 4), Rows(g, p, "v", 3, 4)),
        ["mixture with weights"] = (g, p) =>
            g.MixtureLogDensity(Features(g, p, 4), Rows(g, p, "m", 3, 4), Rows(g, p, "v", 3, 4), Rows(g, p, "l", 3, 1)),
        ["mixture of what layers make of rows"] = (g, p) =>
        {
            Node code = g.Dense(
                g.Unary(UnaryFunction.Sigmoid, Rows(g, p, "u", 5, 6)), p.Add("h.weight", [4, 6], 4), p.Add("h.bias", [4], 4), Activation.Tanh);
            return g.MixtureLogDensity(Features(g, p, 2), g.Slice(code, 0, 2), g.Clamp(g.Slice(code, 2, 2), -30, 20));
        },
        ["mixture of what convolutions make of rows"] = (g, p) =>
        {
            Node grid = g.Conv2d(Rows(g, p, "u", 2, 1, 4, 4), p.Add("c.weight", [2, 1, 4, 4], 4), p.Add("c.bias", [2], 4), 2, 1);
            return g.MixtureLogDensity(Features(g, p, 8), grid, g.Reshape(g.Affine(grid, 0.5f), 8));
        },
        ["bernoulli"] = (g, p) => g.BernoulliLogLikelihood(Features(g, p, 5), g.Input("pixels", 5)),
        ["gaussian"] = (g, p) => g.GaussianLogLikelihood(Features(g, p, 5), Features(g, p, 5, "v"), g.Input("pixels", 5)),
        ["continuous bernoulli mean"] = (g, p) => Unary(g, p, UnaryFunction.ContinuousBernoulliMean),
        ["continuous bernoulli"] = (g, p) => g.ContinuousBernoulliLogLikelihood(Features(g, p, 5), g.Input("pixels", 5)),
        ["continuous bernoulli near one half"] = (g, p) =>
            g.ContinuousBernoulliLogLikelihood(g.Affine(Features(g, p, 5), 0.01f), g.Input("pixels", 5)),
        ["laplace"] = (g, p) => g.LaplaceLogLikelihood(Features(g, p, 5), Features(g, p, 5, "s"), g.Input("pixels", 5)),
        ["laplace parameter"] = (g, p) => g.LaplaceLogLikelihood(Features(g, p, 5), g.Parameter(p.Add("s", [1], 4)), g.Input("pixels", 5)),
        ["discretized logistic"] = (g, p) =>
            g.DiscretizedLogisticLogLikelihood(Features(g, p, 5), Features(g, p, 5, "s"), g.Input("pixels", 5)),
        ["discretized logistic of ends"] = (g, p) => g.DiscretizedLogisticLogLikelihood(
            Features(g, p, 5), Features(g, p, 1, "s"), g.Clamp(g.Affine(g.Input("pixels", 5), 3f, -1f), 0f, 1f), 4),
        ["gaussian one variance"] = (g, p) => g.GaussianLogLikelihood(Features(g, p, 5), Features(g, p, 1, "v"), g.Input("pixels", 5)),
        ["gaussian parameter"] = (g, p) =>
            g.GaussianLogLikelihood(Features(g, p, 5), g.Parameter(p.Add("v", [1], 4)), g.Input("pixels", 5)),
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public void Gradients_match_finite_differences(string operation)
    {
        var builder = new GraphBuilder();
        var parameters = new ParameterLayout.Builder();
        Node loss = Graphs[operation](builder, parameters);
        Graph graph = builder.Build(parameters.Build(), loss);
        var random = new System.Random(7);
        double[] weights = [.. Enumerable.Range(0, graph.Parameters.Length).Select(_ => (random.NextDouble() * 2) - 1)];
        var interpreter = new ReferenceInterpreter(graph, Examples);
        foreach (string input in graph.Inputs.Keys)
            foreach (ref double value in interpreter.Input(input)) value = random.NextDouble();
        foreach (string scalar in graph.Scalars) interpreter.SetScalar(scalar, 2.5);

        interpreter.Forward(weights);
        double[] gradient = interpreter.Backward();
        Assert.Contains(gradient, value => value != 0);
        for (int i = 0; i < weights.Length; i++)
        {
            double expected = Difference(interpreter, loss, weights, i);
            Assert.True(
                Math.Abs(expected - gradient[i]) <= 1e-6 * Math.Max(1, Math.Abs(expected)),
                $"element {i}: {gradient[i]} where the difference is {expected}");
        }
    }

    [Fact]
    public void A_stopped_gradient_is_0_and_a_scaled_one_is_a_multiple()
    {
        var builder = new GraphBuilder();
        var parameters = new ParameterLayout.Builder();
        Node a = Features(builder, parameters, 2), b = Features(builder, parameters, 2, "b"), c = Features(builder, parameters, 1, "c");
        Node loss = builder.Sum(builder.Add(builder.ScaleGradient(a, c), builder.Stop(b)));
        Graph graph = builder.Build(parameters.Build(), loss);
        double[] weights = [.. Enumerable.Range(0, graph.Parameters.Length).Select(i => 0.1 * i)];
        var interpreter = new ReferenceInterpreter(graph, 1);
        foreach (string input in graph.Inputs.Keys) interpreter.Input(input).Fill(1);
        interpreter.Forward(weights);
        Assert.Equal(interpreter.ValueOf(a).ToArray().Sum() + interpreter.ValueOf(b).ToArray().Sum(), interpreter.ValueOf(loss)[0], 1e-9);
        double[] gradient = interpreter.Backward();
        double factor = interpreter.ValueOf(c)[0];
        foreach (ParameterSlice slice in graph.Parameters.Slices)
        {
            double expected = slice.Name.StartsWith('w') ? factor : 0;
            for (int i = slice.Offset; i < slice.Offset + slice.Length; i++) Assert.Equal(expected, gradient[i], 1e-9);
        }
    }

    private static double Difference(ReferenceInterpreter interpreter, Node loss, double[] weights, int element)
    {
        const double Step = 1e-6;
        double kept = weights[element];
        weights[element] = kept + Step;
        double above = Loss();
        weights[element] = kept - Step;
        double below = Loss();
        weights[element] = kept;
        return (above - below) / (2 * Step);

        double Loss()
        {
            interpreter.Forward(weights);
            double sum = 0;
            foreach (double value in interpreter.ValueOf(loss)) sum += value;
            return sum;
        }
    }

    private static Node Features(GraphBuilder g, ParameterLayout.Builder p, int size, string name = "w") =>
        g.Dense(g.Input($"x for {name}", 3), p.Add($"{name}.weight", [size, 3], 3), p.Add($"{name}.bias", [size], 3));

    private static Node Rows(GraphBuilder g, ParameterLayout.Builder p, string name, params int[] shape) =>
        g.ParameterRows(p.Add(name, shape, 1));

    private static Node Dense(GraphBuilder g, ParameterLayout.Builder p, Activation activation)
    {
        Node hidden = g.Dense(Features(g, p, 4), p.Add("h.weight", [5, 4], 4), p.Add("h.bias", [5], 4), activation);
        return g.Sum(g.Unary(UnaryFunction.Square, hidden));
    }

    private static Node Squares(GraphBuilder g, Node x) => g.Sum(g.Unary(UnaryFunction.Square, x));

    // The squares of normalised values alone have a constant sum; scale and shift make the loss depend on everything.
    private static Node Norm(GraphBuilder g, ParameterLayout.Builder p, Node x, int groups, Activation activation) => g.GroupNorm(
        x, p.Add("norm.weight", [x.Shape[0]], 4), p.Add("norm.bias", [x.Shape[0]], 4), groups, activation);

    private static Node Unary(GraphBuilder g, ParameterLayout.Builder p, UnaryFunction function, float a = 0, float b = 0) =>
        g.Sum(g.Unary(UnaryFunction.Square, g.Unary(function, Features(g, p, 4), a, b)));

    private static Node Binary(GraphBuilder g, ParameterLayout.Builder p, BinaryFunction function, int size) =>
        g.Sum(g.Binary(function, Features(g, p, 4), Features(g, p, size, "b")));

    private static Node Conv(GraphBuilder g, ParameterLayout.Builder p, int kernel, int stride, int padding)
    {
        Node image = g.Reshape(Features(g, p, 2 * 6 * 5), 2, 6, 5);
        return g.Conv2d(image, p.Add("c.weight", [3, 2, kernel, kernel], 8), p.Add("c.bias", [3], 8), stride, padding, Activation.Tanh);
    }

    private static Node ConvTranspose(GraphBuilder g, ParameterLayout.Builder p, int kernel, int stride, int padding)
    {
        Node image = g.Reshape(Features(g, p, 2 * 3 * 4), 2, 3, 4);
        return g.ConvTranspose2d(
            image, p.Add("c.weight", [2, 3, kernel, kernel], 8), p.Add("c.bias", [3], 8), stride, padding, Activation.Softplus);
    }
}
