using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>The choices of <c>training.average</c>: weights that judges and pictures use in place of the last ones.</summary>
public static class WeightAverages
{
    /// <summary>What a run file may say about each.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new("none", "the weights themselves", []),
        new(
            "ema",
            "an exponential moving average of the weights after each update",
            [new("decay", FieldKind.Number, "share of the average that an update keeps") { Default = 0.999, Min = 0, Max = 1, BelowMax = true }]),
    ];

    /// <summary>An optimiser that keeps an average beside its moments, where one is asked for.</summary>
    /// <param name="average">One of <see cref="Members"/> with its fields; those left out have their defaults.</param>
    /// <param name="optimizer">The rule that moves the weights.</param>
    /// <exception cref="ArgumentException">There is no such average.</exception>
    internal static IOptimizer Apply(MemberSpec average, IOptimizer optimizer)
    {
        MemberSpec complete = Member.Complete(Members, average);
        return complete.Name == "ema" ? new AveragingOptimizer(optimizer, complete.Number("decay")) : optimizer;
    }
}
