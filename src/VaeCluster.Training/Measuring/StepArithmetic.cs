using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Training.Measuring;

/// <summary>
/// Counts the arithmetic that a step cannot do without: the multiply-adds of its products and convolutions, forward, for the weights'
/// gradients and for the inputs' where anything below has parameters. Elementwise work is not counted.
/// </summary>
public static class StepArithmetic
{
    /// <summary>Floating-point operations of one step; a multiply-add is two.</summary>
    /// <param name="graph">A graph with a loss.</param>
    /// <param name="examples">Rows of the batch.</param>
    public static double Flops(Graph graph, int examples)
    {
        bool[] trained = DependsOnParameters(graph);
        double flops = 0;
        foreach (Node node in graph.Nodes)
        {
            double multiplyAdds = MultiplyAdds(node);
            if (multiplyAdds > 0) flops += 2 * multiplyAdds * node.Rows(examples) * (trained[node.Inputs[0].Id] ? 3 : 2);
        }

        return flops;
    }

    /// <summary>The fully connected layers of a step, in the graph's order.</summary>
    /// <param name="graph">A graph with a loss.</param>
    /// <param name="examples">Rows of the batch.</param>
    public static IReadOnlyList<DenseShape> DenseLayers(Graph graph, int examples)
    {
        bool[] trained = DependsOnParameters(graph);
        return
        [
            .. from node in graph.Nodes
               let dense = node.Operation as DenseOperation
               where dense is not null
               select new DenseShape(dense.Weight.Shape[0], dense.Weight.Shape[1], node.Rows(examples), trained[node.Inputs[0].Id]),
        ];
    }

    // Of one example, forward. Positions that fall on the padding are counted: one in a few hundred.
    private static double MultiplyAdds(Node node) => node.Operation switch
    {
        DenseOperation dense => (double)dense.Weight.Shape[0] * dense.Weight.Shape[1],
        Conv2dOperation conv => (double)conv.Weight.Shape.Aggregate(1, (product, size) => product * size) * node.Shape[1] * node.Shape[2],
        ConvTranspose2dOperation conv =>
            (double)conv.Weight.Shape.Aggregate(1, (product, size) => product * size) * node.Inputs[0].Shape[1] * node.Inputs[0].Shape[2],
        _ => 0,
    };

    private static bool[] DependsOnParameters(Graph graph)
    {
        var depends = new bool[graph.Nodes.Count];
        foreach (Node node in graph.Nodes)
            depends[node.Id] = node.Parameters.Count > 0 || node.Inputs.Any(input => depends[input.Id]);
        return depends;
    }
}
