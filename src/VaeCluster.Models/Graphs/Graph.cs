using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs;

/// <summary>
/// A computation over a batch, written once and executed by every engine. Values have one row per example; the number of examples is not
/// part of the graph. Built with <see cref="GraphBuilder"/>.
/// </summary>
public sealed class Graph
{
    internal Graph(
        IReadOnlyList<Node> nodes, ParameterLayout parameters, IReadOnlyDictionary<string, Node> inputs,
        IReadOnlyDictionary<string, Node> outputs, IReadOnlyList<string> scalars, Node? loss)
    {
        Nodes = nodes;
        Parameters = parameters;
        Inputs = inputs;
        Outputs = outputs;
        Scalars = scalars;
        Loss = loss;
    }

    /// <summary>All nodes in topological order.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The layout of the flat parameter vector. A graph may use only part of it, for example only the decoder.</summary>
    public ParameterLayout Parameters { get; }

    /// <summary>The inputs by name, filled by the caller before a run.</summary>
    public IReadOnlyDictionary<string, Node> Inputs { get; }

    /// <summary>The outputs by name, read by the caller after a run.</summary>
    public IReadOnlyDictionary<string, Node> Outputs { get; }

    /// <summary>Names of the scalars that the caller sets for each step, such as β.</summary>
    public IReadOnlyList<string> Scalars { get; }

    /// <summary>The loss, one element per example, in nats; its sum is differentiated. Null if the graph has no backward pass.</summary>
    public Node? Loss { get; }
}
