using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Stopping;

/// <summary>The choices of <c>stop.kind</c>. A new one is one new file and one line here.</summary>
public static class StopFamily
{
    private static readonly FieldRule Grace = new("grace", FieldKind.Integer, "epochs that every trial trains") { Min = 1, Max = int.MaxValue, Default = 1 };
    private static readonly FieldRule By = new("criterion", FieldKind.Text, "the score that is compared, one that every evaluation measures") { Default = "elbo" };

    /// <summary>The choices.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new("none", "every trial trains to its end", []),
        new(
            "median",
            "stops a trial whose best score is below the median of the others' mean scores up to the same epoch",
            [Grace, By, new("minTrials", FieldKind.Integer, "other trials that must have come as far") { Min = 1, Max = 10_000, Default = 3 }]),
        new(
            "asha",
            "asynchronous successive halving: at the epochs grace·reduction^k only the best of each 'reduction' trials go on",
            [Grace, By, new("reduction", FieldKind.Integer, "one of so many trials goes on") { Min = 2, Max = 100, Default = 3 }]),
    ];

    /// <summary>The rule of a sweep.</summary>
    /// <param name="spec">The sweep.</param>
    public static IStopRule Create(SweepSpec spec)
    {
        MemberSpec choice = spec.Stop;
        return choice.Name switch
        {
            "none" => new NoStop(),
            "median" => new MedianRule(choice.Integer("grace"), choice.Integer("minTrials")),
            "asha" => new AshaRule(choice.Integer("grace"), choice.Integer("reduction")),
            _ => throw new ArgumentException($"there is no stopping rule '{choice.Name}'", nameof(spec)),
        };
    }
}
