using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Searches;

/// <summary>The choices of <c>search.kind</c>. To add one, add a file and a line here.</summary>
public static class SearchFamily
{
    private static readonly FieldRule Trials = new("trials", FieldKind.Integer, "total number of trials, counting every seed")
    {
        Min = 1,
        Max = MostTrials,
        Required = true,
    };
    private static readonly FieldRule Seed = new("seed", FieldKind.Integer, "seed for choosing settings") { Default = 0 };

    private const string Listed = "listed", Shuffled = "shuffled";

    /// <summary>The largest number of trials in a sweep.</summary>
    public const int MostTrials = 1_000_000;

    /// <summary>The choices.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new(
            "grid",
            "every combination of the values",
            [
                Trials with { Required = false, Summary = "train only the first this many trials; default: all" },
                new("order", FieldKind.Text, "order of the grid, last field fastest if listed; default: shuffled if a stopping rule is set")
                {
                    Words = [Listed, Shuffled],
                },
            ]),
        new("random", "independent uniform random settings", [Trials, Seed]),
        new("sobol", "points of a Sobol sequence, which cover the space evenly", [Trials, Seed]),
        new("tpe", "tree-structured Parzen estimator: prefers settings similar to the best so far", [Trials, Seed, .. TpeSearch.Fields]),
    ];

    /// <summary>Creates the search of a sweep.</summary>
    /// <param name="spec">The sweep.</param>
    public static ISearch Create(SweepSpec spec)
    {
        var space = new SearchSpace(spec.Space);
        MemberSpec choice = spec.Search;
        return choice.Name switch
        {
            "grid" => new GridSearch(space, choice.Has("order") ? choice.Text("order") == Shuffled : spec.Stop.Name != "none"),
            "random" => new RandomSearch(space, (long)choice.Values["seed"]),
            "sobol" => new SobolSearch(space, (long)choice.Values["seed"]),
            "tpe" => new TpeSearch(space, TpeOptions.From(choice)),
            _ => throw new ArgumentException($"unknown search '{choice.Name}'", nameof(spec)),
        };
    }
}
