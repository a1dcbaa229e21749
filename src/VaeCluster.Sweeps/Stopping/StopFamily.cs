using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Stopping;

/// <summary>The choices of <c>stop.kind</c>. To add one, add a file and a line here.</summary>
public static class StopFamily
{
    private static readonly FieldRule Grace = new("grace", FieldKind.Integer, "minimum number of epochs before a trial can be stopped")
    {
        Min = 1,
        Max = int.MaxValue,
        Default = 1,
    };
    private static readonly FieldRule By = new("criterion", FieldKind.Text, "score to compare: elbo, reconstruction or kl")
    {
        Default = "elbo",
    };

    /// <summary>The choices.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new("none", "no early stopping", []),
        new(
            "median",
            "stops a trial whose best score is worse than the median of the other trials' mean scores up to the same epoch",
            [Grace, By, new("minTrials", FieldKind.Integer, "number of other trials that must have reached the epoch")
            {
                Min = 1,
                Max = 10_000,
                Default = 3,
            }]),
        new(
            "asha",
            "asynchronous successive halving: at the epochs grace·reduction^k only the best 1/reduction of the trials continue",
            [Grace, By, new("reduction", FieldKind.Integer, "one in this many trials continues") { Min = 2, Max = 100, Default = 3 }]),
    ];

    /// <summary>Creates the rule of a sweep.</summary>
    /// <param name="spec">The sweep.</param>
    public static IStopRule Create(SweepSpec spec)
    {
        MemberSpec choice = spec.Stop;
        return choice.Name switch
        {
            "none" => new NoStop(),
            "median" => new MedianRule(choice.Integer("grace"), choice.Integer("minTrials")),
            "asha" => new AshaRule(choice.Integer("grace"), choice.Integer("reduction")),
            _ => throw new ArgumentException($"unknown stopping rule '{choice.Name}'", nameof(spec)),
        };
    }
}
