using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>
/// What can be known of a graph before it runs: which values lie as [rows, channels, height, width] and which as [rows, size], which
/// are in the layers' own type, and after which node each value is of no more use.
/// </summary>
internal sealed class GraphPlan
{
    private readonly bool[] _isGrid;
    private readonly bool[] _isNarrow;

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layersCast">Whether layers compute in another type than float32.</param>
    internal GraphPlan(Graph graph, bool layersCast)
    {
        Graph = graph;
        _isGrid = new bool[graph.Nodes.Count];
        _isNarrow = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
        {
            _isGrid[node.Id] = node.Operation is Conv2dOperation or ConvTranspose2dOperation
                || (IsElementwise(node) && _isGrid[node.Inputs[0].Id]);
            _isNarrow[node.Id] = layersCast
                && (IsLayer(node) || (node.Operation is ReshapeOperation or SliceOperation && _isNarrow[node.Inputs[0].Id]));
        }

        LastUses = FindLastUses();
        Parameters = [.. graph.Nodes.SelectMany(ParametersOf).Distinct()];
    }

    /// <summary>The graph.</summary>
    internal Graph Graph { get; }

    /// <summary>The parameters that the graph uses.</summary>
    internal IReadOnlyList<ParameterSlice> Parameters { get; }

    /// <summary>For each node the values that nothing after it reads; neither inputs and parameters, which stay, nor outputs.</summary>
    internal int[][] LastUses { get; }

    /// <summary>Whether a value lies as [rows, channels, height, width].</summary>
    /// <param name="node">The value.</param>
    internal bool IsGrid(Node node) => _isGrid[node.Id];

    /// <summary>Whether a value is in the layers' own type.</summary>
    /// <param name="node">The value.</param>
    internal bool IsNarrow(Node node) => _isNarrow[node.Id];

    /// <summary>Whether a value is there before and after a run.</summary>
    /// <param name="node">The value.</param>
    internal static bool Stays(Node node) => node.Operation is InputOperation or ParameterOperation;

    private static bool IsLayer(Node node) => node.Operation is DenseOperation or Conv2dOperation or ConvTranspose2dOperation;

    private static bool IsElementwise(Node node) => node.Operation is UnaryOperation or ScaleOperation or ShiftOperation;

    private static ParameterSlice[] ParametersOf(Node node) => node.Operation switch
    {
        ParameterOperation parameter => [parameter.Slice],
        ParameterRowsOperation parameter => [parameter.Slice],
        DenseOperation dense => [dense.Weight, dense.Bias],
        Conv2dOperation conv => [conv.Weight, conv.Bias],
        ConvTranspose2dOperation conv => [conv.Weight, conv.Bias],
        _ => [],
    };

    private int[][] FindLastUses()
    {
        var last = new int[Graph.Nodes.Count];
        foreach (Node node in Graph.Nodes)
        {
            last[node.Id] = node.Id;
            foreach (Node input in node.Inputs) last[input.Id] = node.Id;
        }

        foreach (Node kept in Graph.Outputs.Values.Concat(Graph.Loss is null ? [] : [Graph.Loss])) last[kept.Id] = int.MaxValue;
        ILookup<int, int> dying = Graph.Nodes.Where(node => !Stays(node)).ToLookup(node => last[node.Id], node => node.Id);
        return [.. Graph.Nodes.Select(node => dying[node.Id].ToArray())];
    }
}
