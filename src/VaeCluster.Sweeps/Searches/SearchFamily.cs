using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Searches;

/// <summary>The choices of <c>search.kind</c>. A new one is one new file and one line here.</summary>
public static class SearchFamily
{
    private static readonly FieldRule Trials = new("trials", FieldKind.Integer, "trials of the whole sweep, every seed counted") { Min = 1, Max = MostTrials, Required = true };
    private static readonly FieldRule Seed = new("seed", FieldKind.Integer, "seed of the choice of settings") { Default = 0 };

    private const string Listed = "listed", Shuffled = "shuffled";

    /// <summary>Trials that a sweep can have.</summary>
    public const int MostTrials = 1_000_000;

    /// <summary>The choices.</summary>
    public static IReadOnlyList<Member> Members { get; } =
    [
        new(
            "grid",
            "every combination of the values once",
            [
                Trials with { Required = false, Summary = "only the first this many trials; left out: all" },
                new("order", FieldKind.Text, "the last field fastest, or in no order; left out: shuffled where stop compares trials") { Words = [Listed, Shuffled] },
            ]),
        new("random", "settings drawn independently", [Trials, Seed]),
        new("sobol", "points of Sobol's sequence, which fill the space evenly", [Trials, Seed]),
        new("tpe", "tree-structured Parzen estimator: settings like the better ones so far", [Trials, Seed, .. TpeSearch.Fields]),
    ];

    /// <summary>The search of a sweep.</summary>
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
            _ => throw new ArgumentException($"there is no search '{choice.Name}'", nameof(spec)),
        };
    }
}
