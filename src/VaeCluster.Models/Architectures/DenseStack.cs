using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Architectures;

/// <summary>Consecutive fully connected layers, named <c>prefix.0</c>, <c>prefix.1</c>, …</summary>
internal sealed class DenseStack
{
    private readonly List<(ParameterSlice Weight, ParameterSlice Bias, NormLayer? Norm, Activation Activation)> _layers = [];

    /// <summary>Declares the layers, with the normalisation of each hidden layer numbered after it.</summary>
    /// <param name="parameters">Receives the parameters.</param>
    /// <param name="prefix">Prefix of their names.</param>
    /// <param name="firstIndex">Number of the first layer.</param>
    /// <param name="sizes">Inputs of the first layer, then outputs of each layer.</param>
    /// <param name="activation">Activation after all layers but the last.</param>
    /// <param name="last">Activation after the last layer, which is not a hidden one.</param>
    /// <param name="hidden">What follows the sums of the hidden layers.</param>
    internal DenseStack(
        ParameterLayout.Builder parameters, string prefix, int firstIndex, IReadOnlyList<int> sizes, Activation activation, Activation last,
        HiddenLayers hidden)
    {
        NextIndex = firstIndex;
        for (int i = 1; i < sizes.Count; i++)
        {
            string name = $"{prefix}.{NextIndex++}";
            bool isLast = i == sizes.Count - 1;
            ParameterSlice weight = parameters.Add($"{name}.weight", [sizes[i], sizes[i - 1]], sizes[i - 1]);
            ParameterSlice bias = parameters.Add($"{name}.bias", [sizes[i]], sizes[i - 1]);
            NormLayer? norm = isLast ? null : hidden.Declare(parameters, $"{prefix}.{NextIndex}", sizes[i]);
            if (norm is not null) NextIndex++;
            _layers.Add((weight, bias, norm, isLast ? last : activation));
        }
    }

    /// <summary>The number of what comes after the layers.</summary>
    internal int NextIndex { get; }

    /// <summary>The bias of the last layer.</summary>
    internal ParameterSlice LastBias => _layers[^1].Bias;

    /// <summary>Writes the layers into a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">Input of the first layer.</param>
    /// <param name="masks">What is dropped of the hidden layers; null: nothing.</param>
    internal Node Apply(GraphBuilder graph, Node x, DropoutMasks? masks)
    {
        for (int i = 0; i < _layers.Count; i++)
        {
            (ParameterSlice weight, ParameterSlice bias, NormLayer? norm, Activation activation) = _layers[i];
            x = graph.Dense(x, weight, bias, norm is null ? activation : Activation.Identity);
            if (i < _layers.Count - 1) x = HiddenLayers.Finish(graph, x, norm, activation, masks);
        }

        return x;
    }
}
