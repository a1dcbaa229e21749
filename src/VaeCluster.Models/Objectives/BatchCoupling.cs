using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Objectives;

/// <summary>
/// A loss term that couples the examples of a batch, T(s₁, …, s_B): a function of a few statistics s of each example, such as its KL.
/// The statistics are gathered in example order before the gradient is computed; each example's share of the loss is then the tangent of T
/// at this batch, Σ_j c_j·s_j + o with c = ∂T/∂s and the same o for all. The sum of the shares has T's value and T's gradient however the
/// batch is divided into shards.
/// </summary>
public abstract class BatchCoupling
{
    /// <summary>Number of statistics per example.</summary>
    public abstract int Statistics { get; }

    /// <summary>Writes the statistics of each example.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="model">Encoder, decoder and likelihood to write with.</param>
    /// <returns>Nodes of together <see cref="Statistics"/> elements per example.</returns>
    public abstract IReadOnlyList<Node> Measure(GraphBuilder graph, ModelWriter model);

    /// <summary>
    /// Computes the tangent of the term at a batch. Sums are in float64 in example order, so that all workers get the same bits.
    /// </summary>
    /// <param name="batch">The statistics of all examples of the batch, [examples, <see cref="Statistics"/>], in example order.</param>
    /// <param name="weight">Weight of the term in this step: the scalar <see cref="VaeModel.BetaScalar"/>.</param>
    /// <param name="capacity">The capacity of this step, if the objective has one.</param>
    /// <param name="first">The first example to compute.</param>
    /// <param name="rows">
    /// Receives c, then o, for each example from <paramref name="first"/> on: [examples, <see cref="Statistics"/> + 1].
    /// </param>
    public abstract void Tangent(ReadOnlySpan<float> batch, float weight, float capacity, int first, Span<float> rows);

    /// <summary>Writes an example's share of the term.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="statistics">Nodes as <see cref="Measure"/> returns them.</param>
    public Node Share(GraphBuilder graph, params IReadOnlyList<Node> statistics)
    {
        Node tangent = graph.Input(VaeModel.TangentInput, Statistics + 1);
        Node share = graph.Slice(tangent, Statistics, 1);
        int first = 0;
        foreach (Node part in statistics)
        {
            Node slope = graph.Slice(tangent, first, part.Size);
            share = graph.Add(graph.Sum(graph.Binary(Graphs.Operations.BinaryFunction.Multiply, part, slope)), share);
            first += part.Size;
        }

        return share;
    }

    /// <summary>The mean of one statistic over the batch.</summary>
    /// <param name="batch">The statistics.</param>
    /// <param name="number">Index of the statistic.</param>
    protected double Mean(ReadOnlySpan<float> batch, int number)
    {
        double sum = 0;
        for (int i = number; i < batch.Length; i += Statistics) sum += batch[i];
        return sum * Statistics / batch.Length;
    }
}
