using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>The choices of <c>training.optimizer</c>.</summary>
public static class OptimizerFactory
{
    /// <summary>The optimisers with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } =
        [AdamOptimizer.Adam, AdamOptimizer.AdamW, SgdOptimizer.Member, RmsPropOptimizer.Member, AdagradOptimizer.Member];

    /// <summary>Creates the optimiser of a run, including its weight average if it has one.</summary>
    /// <param name="training">The <c>training</c> section of the run.</param>
    /// <exception cref="ArgumentException">There is no such optimiser or average.</exception>
    public static IOptimizer Create(TrainingSpec training) => WeightAverages.Apply(training.Average, Create(training.Optimizer));

    /// <summary>Creates an optimiser; missing fields take their defaults.</summary>
    /// <param name="optimizer">One of <see cref="Members"/> with its fields.</param>
    /// <exception cref="ArgumentException">There is no such optimiser.</exception>
    public static IOptimizer Create(MemberSpec optimizer)
    {
        MemberSpec complete = Member.Complete(Members, optimizer);
        return complete.Name switch
        {
            "adam" => AdamOptimizer.Create(complete, decoupled: false),
            "adamw" => AdamOptimizer.Create(complete, decoupled: true),
            "rmsprop" => new RmsPropOptimizer(complete),
            "adagrad" => new AdagradOptimizer(complete),
            _ => new SgdOptimizer(complete),
        };
    }
}
