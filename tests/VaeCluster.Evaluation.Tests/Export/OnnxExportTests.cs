using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Evaluation.Export;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Evaluation.Tests.Export;

/// <summary>ONNX Runtime loads the models, accepts any batch size, and gives the managed engine's outputs.</summary>
public sealed class OnnxExportTests
{
    private const float Tolerance = 1e-5f;

    [Theory]
    [MemberData(nameof(ExportedModel.Names), MemberType = typeof(ExportedModel))]
    public void Encoder_and_decoder_give_the_same_outputs_in_ONNX_Runtime(string name)
    {
        var exported = new ExportedModel(name);
        using var encoder = new InferenceSession(OnnxExport.Encode(exported.Model.Encoder, "encoder", exported.Weights));
        using var decoder = new InferenceSession(OnnxExport.Encode(exported.Model.Decoder, "decoder", exported.Weights));

        Assert.Equal([-1, .. exported.ImageShape[1..]], encoder.InputMetadata["x"].Dimensions);
        Assert.Equal("N", encoder.InputMetadata["x"].SymbolicDimensions[0]);
        Dictionary<string, float[]> code = Run(encoder, "x", exported.Images, exported.ImageShape);
        AssertClose(exported.Means, code["mean"]);
        AssertClose(exported.LogVariances, code["logVariance"]);
        AssertClose(exported.Decoded, Run(decoder, "z", exported.Latents, [ExportedModel.Rows, 4])["mean"]);
        Assert.Equal(exported.Decoded.Length / ExportedModel.Rows, Run(decoder, "z", exported.Latents[..4], [1, 4])["mean"].Length);
    }

    [Fact]
    public void Every_unary_and_binary_function_is_exported()
    {
        var builder = new GraphBuilder();
        Node x = builder.Input("x", 2, 1, 3);
        var parameters = new ParameterLayout.Builder();
        Node scale = builder.Parameter(parameters.Add("scale", [6], 0)), one = builder.Parameter(parameters.Add("one", [1], 0));
        foreach (UnaryFunction function in Enum.GetValues<UnaryFunction>().Where(function => function != UnaryFunction.Stop))
            builder.Output(function.ToString(), builder.Unary(
                function, function == UnaryFunction.Log ? builder.Unary(UnaryFunction.Exp, x) : x, 0.2f, 0.6f));
        foreach (BinaryFunction function in Enum.GetValues<BinaryFunction>().Where(function => function != BinaryFunction.ScaleGradient))
            builder.Output(function.ToString(), builder.Binary(function, builder.Binary(function, x, scale), one));
        Graph graph = builder.Build(parameters.Build());
        float[] weights = [1, 2, 3, 4, 5, 6, 0.5f], values = [-2, -0.5f, 0.1f, 0.4f, 1, 3];
        using var session = new InferenceSession(OnnxExport.Encode(graph, "functions", weights));
        Dictionary<string, float[]> found = Run(session, "x", values, [1, 2, 1, 3]);
        foreach ((string name, Node node) in graph.Outputs)
            AssertClose([.. values.Select((value, i) => (float)Expected(node.Operation, value, weights[i], 0.5))], found[name]);
    }

    [Theory]
    [InlineData("GaussianKl")]
    [InlineData("Stop")]
    [InlineData("ScaleGradient")]
    public void An_operation_of_training_is_rejected(string operation)
    {
        var builder = new GraphBuilder();
        Node a = builder.Input("a", 2), b = builder.Input("b", 2);
        builder.Output("y", operation switch
        {
            "Stop" => builder.Stop(a),
            "ScaleGradient" => builder.ScaleGradient(a, b),
            _ => builder.GaussianKl(a, b),
        });
        Graph graph = builder.Build(new ParameterLayout.Builder().Build());
        Assert.Contains(
            operation, Assert.Throws<BadInputException>(() => OnnxExport.Encode(graph, "y", [])).Message, StringComparison.Ordinal);
    }

    private static double Expected(Operation operation, double x, double scale, double one) => operation switch
    {
        UnaryOperation unary => unary.Function switch
        {
            UnaryFunction.Relu => Math.Max(x, 0),
            UnaryFunction.LeakyRelu => x > 0 ? x : 0.2 * x,
            UnaryFunction.Tanh => Math.Tanh(x),
            UnaryFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
            UnaryFunction.Softplus => Math.Log(1 + Math.Exp(x)),
            UnaryFunction.Exp => Math.Exp(x),
            UnaryFunction.Silu => x / (1 + Math.Exp(-x)),
            UnaryFunction.Log => x,
            UnaryFunction.Square => x * x,
            UnaryFunction.Abs => Math.Abs(x),
            UnaryFunction.Affine => (0.2 * x) + 0.6,
            UnaryFunction.Clamp => Math.Clamp(x, 0.2, 0.6),
            UnaryFunction.ContinuousBernoulliMean => (1 / (1 - Math.Exp(-x))) - (1 / x),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        },
        BinaryOperation { Function: BinaryFunction.Add } => x + scale + one,
        BinaryOperation { Function: BinaryFunction.Subtract } => x - scale - one,
        BinaryOperation { Function: BinaryFunction.Multiply } => x * scale * one,
        _ => x / scale / one,
    };

    private static Dictionary<string, float[]> Run(InferenceSession session, string input, float[] values, int[] shape)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs =
            session.Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(values, shape))]);
        return outputs.ToDictionary(output => output.Name, output => output.AsTensor<float>().ToArray());
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.InRange(
            actual[i], expected[i] - (Tolerance * (1 + Math.Abs(expected[i]))), expected[i] + (Tolerance * (1 + Math.Abs(expected[i]))));
    }
}
