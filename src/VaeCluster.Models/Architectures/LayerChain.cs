using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>
/// Layers that are declared one after the other and then written into any number of graphs. Those with parameters are numbered in their
/// order: <c>prefix.0</c>, <c>prefix.1</c>, …
/// </summary>
/// <param name="parameters">Receives the parameters.</param>
/// <param name="prefix">Prefix of their names.</param>
/// <param name="hidden">How layers are normalised.</param>
/// <param name="activation">Activation after a normalisation.</param>
internal sealed class LayerChain(ParameterLayout.Builder parameters, string prefix, HiddenLayers hidden, Activation activation)
{
    private readonly List<Layer> _layers = [];
    private int _next;

    private delegate Node Layer(GraphBuilder graph, Node x, DropoutMasks? masks);

    /// <summary>The bias of the convolution declared last.</summary>
    internal ParameterSlice? LastBias { get; private set; }

    /// <summary>Adds a fully connected layer.</summary>
    internal void Dense(int from, int to)
    {
        string name = Name();
        ParameterSlice weight = parameters.Add($"{name}.weight", [to, from], from), bias = parameters.Add($"{name}.bias", [to], from);
        _layers.Add((graph, x, _) => graph.Dense(x, weight, bias));
    }

    /// <summary>Adds a convolution with padding 1.</summary>
    internal void Conv(int from, int to, int kernel, int stride) => _layers.Add(Conv(Name(), from, to, kernel, stride));

    /// <summary>Adds a transposed convolution that doubles height and width.</summary>
    internal void Double(int from, int to)
    {
        const int Kernel = 4;
        string name = Name();
        int fanIn = to * Kernel * Kernel;
        ParameterSlice weight = parameters.Add($"{name}.weight", [from, to, Kernel, Kernel], fanIn);
        ParameterSlice bias = LastBias = parameters.Add($"{name}.bias", [to], fanIn);
        _layers.Add((graph, x, _) => graph.ConvTranspose2d(x, weight, bias, stride: 2, padding: 1));
    }

    /// <summary>Adds a normalisation with its activation.</summary>
    internal void Norm(int channels)
    {
        NormLayer norm = hidden.Declare(parameters, Name(), channels)!;
        _layers.Add((graph, x, _) => HiddenLayers.Finish(graph, x, norm, activation, masks: null));
    }

    /// <summary>
    /// Adds a residual block: x + conv(dropout(activation(norm(conv(activation(norm(x))))))). Source: He et al., Identity mappings in deep
    /// residual networks (2016).
    /// </summary>
    internal void Residual(int channels)
    {
        string name = Name();
        NormLayer norm1 = hidden.Declare(parameters, $"{name}.norm1", channels)!;
        Layer conv1 = Conv($"{name}.conv1", channels, channels, kernel: 3, stride: 1);
        NormLayer norm2 = hidden.Declare(parameters, $"{name}.norm2", channels)!;
        Layer conv2 = Conv($"{name}.conv2", channels, channels, kernel: 3, stride: 1);
        _layers.Add((graph, x, masks) =>
        {
            Node inner = conv1(graph, HiddenLayers.Finish(graph, x, norm1, activation, masks: null), masks);
            return graph.Add(x, conv2(graph, HiddenLayers.Finish(graph, inner, norm2, activation, masks), masks));
        });
    }

    /// <summary>Adds a layer without parameters.</summary>
    /// <param name="write">Writes it into a graph.</param>
    internal void Fixed(Func<GraphBuilder, Node, Node> write) => _layers.Add((graph, x, _) => write(graph, x));

    /// <summary>Writes the layers into a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Input of the first layer.</param>
    /// <param name="masks">Masks of dropout; null: nothing is dropped.</param>
    internal Node Apply(GraphBuilder graph, Node x, DropoutMasks? masks) =>
        _layers.Aggregate(x, (value, layer) => layer(graph, value, masks));

    private string Name() => FormattableString.Invariant($"{prefix}.{_next++}");

    private Layer Conv(string name, int from, int to, int kernel, int stride)
    {
        int fanIn = from * kernel * kernel;
        ParameterSlice weight = parameters.Add($"{name}.weight", [to, from, kernel, kernel], fanIn);
        ParameterSlice bias = LastBias = parameters.Add($"{name}.bias", [to], fanIn);
        return (graph, x, _) => graph.Conv2d(x, weight, bias, stride, padding: 1);
    }
}
