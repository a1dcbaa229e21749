using VaeCluster.Core.Parameters;

namespace VaeCluster.Models.Graphs;

/// <summary>
/// A computation over a batch, written once and run by every engine. Values are rows of examples; a graph says nothing of how many.
/// Build one with <see cref="GraphBuilder"/>.
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

    /// <summary>All values, each after those it depends on.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>The flat vector that its parameters live in. A graph may use only a part of it (a decoder alone, say).</summary>
    public ParameterLayout Parameters { get; }

    /// <summary>Values that the caller fills before a run, by name.</summary>
    public IReadOnlyDictionary<string, Node> Inputs { get; }

    /// <summary>Values that the caller reads after a run, by name.</summary>
    public IReadOnlyDictionary<string, Node> Outputs { get; }

    /// <summary>Names of the numbers that the caller sets for a step, such as β.</summary>
    public IReadOnlyList<string> Scalars { get; }

    /// <summary>The value whose sum over the examples is differentiated: one element an example, in nats. Null: the graph has no backward pass.</summary>
    public Node? Loss { get; }
}
