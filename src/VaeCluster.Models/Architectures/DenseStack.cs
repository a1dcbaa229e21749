using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>Consecutive fully connected layers, named <c>prefix.0</c>, <c>prefix.1</c>, …</summary>
internal sealed class DenseStack
{
    private readonly List<(ParameterSlice Weight, ParameterSlice Bias, Activation Activation)> _layers = [];

    /// <summary>Declares the layers.</summary>
    /// <param name="parameters">Receives the parameters.</param>
    /// <param name="prefix">Prefix of their names.</param>
    /// <param name="firstIndex">Number of the first layer.</param>
    /// <param name="sizes">Inputs of the first layer, then outputs of each layer.</param>
    /// <param name="activation">Activation after all layers but the last.</param>
    /// <param name="last">Activation after the last layer.</param>
    internal DenseStack(
        ParameterLayout.Builder parameters, string prefix, int firstIndex, IReadOnlyList<int> sizes, Activation activation, Activation last)
    {
        for (int i = 1; i < sizes.Count; i++)
        {
            string name = $"{prefix}.{firstIndex + i - 1}";
            _layers.Add((
                parameters.Add($"{name}.weight", [sizes[i], sizes[i - 1]], sizes[i - 1]),
                parameters.Add($"{name}.bias", [sizes[i]], sizes[i - 1]),
                i == sizes.Count - 1 ? last : activation));
        }
    }

    /// <summary>The bias of the last layer.</summary>
    internal ParameterSlice LastBias => _layers[^1].Bias;

    /// <summary>Writes the layers into a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Input of the first layer.</param>
    internal Node Apply(GraphBuilder graph, Node x)
    {
        foreach ((ParameterSlice weight, ParameterSlice bias, Activation activation) in _layers)
            x = graph.Dense(x, weight, bias, activation);
        return x;
    }
}
