using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;
using VaeCluster.Training.Workers;

namespace VaeCluster.Training.InProcess;

/// <summary>A node of the tree that one thread computes for one worker, and what came of it. Kept from step to step, with its vector.</summary>
internal sealed class WorkItem(ProcessWorker owner, Worker lane, TreeNode node)
{
    internal ProcessWorker Owner { get; } = owner;

    internal Worker Lane { get; } = lane;

    internal TreeNode Node { get; } = node;

    internal float[] Gradient { get; set; } = [];

    internal LossTerms Terms { get; set; }

    internal bool Finished { get; set; }
}
