using Orleans;
using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Messages;

/// <summary>What one worker is to compute of a step.</summary>
/// <param name="Plan">The step.</param>
/// <param name="Nodes">The nodes of the tree, in this order.</param>
/// <param name="Trace">
/// The trace that the step belongs to, see <see cref="VaeCluster.Training.Instruments.StepTraces.Context"/>; null: none.
/// </param>
/// <param name="Exchange">What was measured of the whole batch, where a term of the objective couples its examples.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.Assignment")]
public sealed record Assignment(
    [Id(0)] StepPlan Plan, [Id(1)] TreeNode[] Nodes, [Id(2)] string? Trace = null, [Id(3)] float[]? Exchange = null);
