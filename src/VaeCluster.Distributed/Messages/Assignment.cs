using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Messages;

/// <summary>What one worker is to compute of a step.</summary>
/// <param name="Plan">The step.</param>
/// <param name="Nodes">The nodes of the tree, in this order.</param>
/// <param name="Trace">The trace that the step belongs to, see <see cref="VaeCluster.Training.Instruments.StepTraces.Context"/>; null: none.</param>
/// <param name="Exchange">What was measured of the whole batch, where a term of the objective couples its examples.</param>
public sealed record Assignment(StepPlan Plan, IReadOnlyList<TreeNode> Nodes, string? Trace = null, float[]? Exchange = null);
