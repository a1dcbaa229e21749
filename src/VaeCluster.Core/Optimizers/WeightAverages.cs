using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Optimizers;

/// <summary>The choices of <c>training.average</c>: averaged weights that evaluation and images use in place of the last ones.</summary>
public static class WeightAverages
{
    /// <summary>The averages with their fields in the run file.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new("none", "no average: the last weights", []),
        new(
            "ema",
            "an exponential moving average of the weights after each update",
            [
                new("decay", FieldKind.Number, "share of the average kept at each update")
                {
                    Default = 0.999,
                    Min = 0,
                    Max = 1,
                    BelowMax = true,
                },
            ]),
    ];

    /// <summary>Wraps an optimiser so that it also keeps the average, if one is chosen.</summary>
    /// <param name="average">One of <see cref="Members"/> with its fields; missing fields take their defaults.</param>
    /// <param name="optimizer">The optimiser to wrap.</param>
    /// <exception cref="ArgumentException">There is no such average.</exception>
    internal static IOptimizer Apply(MemberSpec average, IOptimizer optimizer)
    {
        MemberSpec complete = Member.Complete(Members, average);
        return complete.Name == "ema" ? new AveragingOptimizer(optimizer, complete.Number("decay")) : optimizer;
    }
}
