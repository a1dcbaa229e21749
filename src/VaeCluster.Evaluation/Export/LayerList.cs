using System.Text.Json;
using System.Text.Json.Nodes;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Evaluation.Export;

/// <summary>Describes a chain of layers as JSON, so that the network can be rebuilt in another framework.</summary>
internal static class LayerList
{
    /// <summary>
    /// The layers from the graph's input to an output, in order; null if the graph is not a chain or has an unsupported layer.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="output">The output's name.</param>
    internal static string? Of(Graph graph, string output) =>
        Chain(graph.Outputs[output], node => node.Operation is InputOperation)?.ToJsonString(JsonSerializerOptions.Web);

    private static JsonArray? Chain(Node last, Func<Node, bool> isStart)
    {
        var layers = new Stack<JsonObject>();
        Node node = last;
        while (!isStart(node))
        {
            if (node.Inputs.Count == 2 && Residual(node) is { } residual)
            {
                layers.Push(residual);
            }
            else
            {
                if (node.Inputs.Count != 1 || Describe(node) is not { } layer) return null;
                layers.Push(layer);
            }

            node = node.Inputs[0];
        }

        return new JsonArray([.. layers]);
    }

    // x + layers(x).
    private static JsonObject? Residual(Node node) =>
        node.Operation is BinaryOperation { Function: BinaryFunction.Add }
            && Chain(node.Inputs[1], inner => inner == node.Inputs[0]) is { } layers
            ? Layer("residual", ("layers", layers))
            : null;

    private static JsonObject? Describe(Node node) => node.Operation switch
    {
        DenseOperation dense => Layer("linear", ("name", NameOf(dense.Weight.Name)), ("activation", Name(dense.Activation))),
        Conv2dOperation conv => Layer(
            "conv2d", ("name", NameOf(conv.Weight.Name)), ("stride", conv.Stride), ("padding", conv.Padding),
            ("activation", Name(conv.Activation))),
        ConvTranspose2dOperation conv => Layer(
            "convTranspose2d", ("name", NameOf(conv.Weight.Name)), ("stride", conv.Stride), ("padding", conv.Padding),
            ("activation", Name(conv.Activation))),
        GroupNormOperation norm => Layer(
            "groupNorm", ("name", NameOf(norm.Scale.Name)), ("groups", norm.Groups), ("activation", Name(norm.Activation))),
        UpsampleOperation upsample => Layer("upsample", ("factor", upsample.Factor)),
        AveragePoolOperation pool => Layer("averagePool", ("factor", pool.Factor)),
        ReshapeOperation => Layer("reshape", ("shape", new JsonArray([.. node.Shape.Select(size => JsonValue.Create(size))]))),
        SliceOperation slice => Layer("slice", ("offset", slice.Offset), ("length", node.Size)),
        UnaryOperation { Function: UnaryFunction.Affine or UnaryFunction.Clamp } unary =>
            Layer(Name(unary.Function), ("a", unary.A), ("b", unary.B)),
        UnaryOperation { Function: UnaryFunction.LeakyRelu } unary => Layer("leakyRelu", ("a", unary.A)),
        UnaryOperation unary => Layer(Name(unary.Function)),
        _ => null,
    };

    private static JsonObject Layer(string type, params (string Name, JsonNode Value)[] fields)
    {
        var layer = new JsonObject { ["type"] = type };
        foreach ((string name, JsonNode value) in fields) layer[name] = value;
        return layer;
    }

    private static string NameOf(string weight) => weight[..weight.LastIndexOf('.')];

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
