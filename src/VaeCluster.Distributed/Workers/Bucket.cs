using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Workers;

/// <summary>A part of a node's gradient that is final, from the vector's last layers backwards.</summary>
/// <param name="Plan">The step.</param>
/// <param name="Node">The node.</param>
/// <param name="Vector">The whole gradient's memory.</param>
/// <param name="Offset">The part's first element.</param>
/// <param name="Count">Elements of the part.</param>
/// <param name="Terms">The node's sums.</param>
internal readonly record struct Bucket(StepPlan Plan, TreeNode Node, PooledVector Vector, int Offset, int Count, LossTerms Terms);
