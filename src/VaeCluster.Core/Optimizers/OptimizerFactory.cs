using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>The choices of <c>training.optimizer</c>.</summary>
public static class OptimizerFactory
{
    /// <summary>What a run file may say about each.</summary>
    public static IReadOnlyList<Member> Members { get; } = [AdamOptimizer.Adam, AdamOptimizer.AdamW, SgdOptimizer.Member];

    /// <summary>Makes the optimiser of a spec; fields that it leaves out have their defaults.</summary>
    /// <param name="optimizer">One of <see cref="Members"/> with its fields.</param>
    /// <exception cref="ArgumentException">There is no such optimiser.</exception>
    public static IOptimizer Create(MemberSpec optimizer)
    {
        MemberSpec complete = Member.Complete(Members, optimizer);
        return complete.Name switch
        {
            "adam" => AdamOptimizer.Create(complete, decoupled: false),
            "adamw" => AdamOptimizer.Create(complete, decoupled: true),
            _ => new SgdOptimizer(complete),
        };
    }
}
