using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="Assignment"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.Assignment")]
internal struct AssignmentSurrogate
{
    /// <inheritdoc cref="Assignment.Plan"/>
    [Id(0)]
    public StepPlan Plan;

    /// <inheritdoc cref="Assignment.Nodes"/>
    [Id(1)]
    public TreeNode[] Nodes;

    /// <inheritdoc cref="Assignment.Trace"/>
    [Id(2)]
    public string? Trace;

    /// <inheritdoc cref="Assignment.Exchange"/>
    [Id(3)]
    public float[]? Exchange;
}
