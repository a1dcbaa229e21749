using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;
using VaeCluster.Models.Graphs.Operations;

namespace VaeCluster.Models.Objectives.Weighted;

/// <summary>What the objectives with importance weights share.</summary>
internal static class WeightedBounds
{
    /// <summary>Name of the field with the number of groups of samples, m.</summary>
    internal const string GroupsName = "groups";

    /// <summary>The fields of an objective with m groups of k samples.</summary>
    internal static readonly FieldRule[] GroupFields =
    [
        DrawnSamples.Field(5, "k: samples of z per example and group"),
        new(GroupsName, FieldKind.Integer, "m: groups of samples, each with a bound of its own") { Default = 4L, Min = 1, Max = 1024 },
    ];

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

    /// <summary>m·k of an objective with <see cref="GroupFields"/>.</summary>
    /// <param name="spec">Its fields.</param>
    internal static int SamplesOf(MemberSpec spec) => spec.Integer(GroupsName) * spec.Integer(DrawnSamples.Name);
}
