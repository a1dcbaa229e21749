using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Engine.Managed;

/// <summary>
/// Finds the values that exist only in the memory layout of convolutions, <see cref="Convolutions.Grid"/>: those that a convolution or a
/// step that knows both layouts writes, and that only such steps read. Elementwise steps know no layout, so that all their values have the
/// same one.
/// </summary>
internal static class GridPlan
{
    /// <summary>Whether each node's value has the layout of convolutions.</summary>
    /// <param name="graph">The graph.</param>
    internal static bool[] Find(Graph graph)
    {
        bool[] isGrid = [.. graph.Nodes.Select(node => Knows(node) || IsElementwise(node))];
        foreach (Node output in graph.Outputs.Values) isGrid[output.Id] = false;
        foreach (Node node in graph.Nodes)
        {
            if (Knows(node) || IsElementwise(node)) continue;
            foreach (Node input in node.Inputs) isGrid[input.Id] = false;
        }

        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (Node node in graph.Nodes.Where(IsElementwise))
            {
                if (isGrid[node.Id] && node.Inputs.All(input => isGrid[input.Id])) continue;
                foreach (Node value in (Node[])[node, .. node.Inputs])
                {
                    changed |= isGrid[value.Id];
                    isGrid[value.Id] = false;
                }
            }
        }

        return isGrid;
    }

    /// <summary>Whether a node adds two values of the same three dimensions.</summary>
    /// <param name="node">The node.</param>
    internal static bool AddsMaps(Node node) => node.Shape.Count == 3 && node.Operation is BinaryOperation { Function: BinaryFunction.Add }
        && node.Inputs.All(input => input.HasRows && input.Shape.SequenceEqual(node.Shape));

    // A value of one dimension has only one layout, and its producers and readers see to it.
    private static bool Knows(Node node) => node.Shape.Count == 3
        && node.Operation is Conv2dOperation or ConvTranspose2dOperation or GroupNormOperation or ChannelScaleOperation
            or UpsampleOperation or AveragePoolOperation;

    private static bool IsElementwise(Node node) =>
        AddsMaps(node) || (node.HasRows && node.Shape.Count == 3 && node.Operation is UnaryOperation);
}
