using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>What the objectives with importance weights share.</summary>
internal static class WeightedBounds
{
    /// <summary>The field with the number of groups of samples, m.</summary>
    internal static readonly FieldRule Groups = new("groups", FieldKind.Integer, "m: groups of samples, each with a bound of its own")
    {
        Default = 4L,
        Min = 1,
        Max = 1024,
    };

    // e^80 is near the largest float32.
    private const float LargestLogRatio = 80f;

    /// <summary>w_i/Σw.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="logWeight">log w_i.</param>
    /// <param name="bound">log (1/k) Σ w.</param>
    /// <param name="samples">k.</param>
    internal static Node Share(GraphBuilder graph, Node logWeight, Node bound, int samples) =>
        graph.Affine(graph.Unary(UnaryFunction.Exp, graph.Subtract(logWeight, bound)), 1f / samples);

    /// <summary>e^(a − b) of two bounds, at most e^80.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="a">The first bound.</param>
    /// <param name="b">The second bound.</param>
    internal static Node Ratio(GraphBuilder graph, Node a, Node b) =>
        graph.Unary(UnaryFunction.Exp, graph.Clamp(graph.Subtract(a, b), -LargestLogRatio, LargestLogRatio));

    /// <summary>log (1/k) Σ w of each group of k consecutive samples.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="logWeights">The log w of all groups.</param>
    /// <param name="groups">How many groups.</param>
    internal static Node[] OfGroups(GraphBuilder graph, Node[] logWeights, int groups) =>
        [.. logWeights.Chunk(logWeights.Length / groups).Select(graph.LogMeanExp)];

    /// <summary>The objective's terms: minus a bound, and the ELBO's own with the first sample.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="bound">The bound, in nats.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="mean">μ of q(z|x).</param>
    /// <param name="logVariance">log σ² of q(z|x).</param>
    internal static ObjectiveTerms Terms(GraphBuilder graph, Node bound, DrawnSamples samples, Node mean, Node logVariance) =>
        new(graph.Affine(bound, -1f), samples.Reconstructions[0], graph.Sum(graph.GaussianKl(mean, logVariance)));
}
