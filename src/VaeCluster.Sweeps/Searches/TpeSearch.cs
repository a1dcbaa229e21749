using System.Text.Json;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Pareto;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al.: Algorithms for hyper-parameter optimization. NIPS 2011), with independent
/// parameters, as is Optuna's default. The results are split into the better ones and the rest. Of several values drawn from the density l
/// of the better ones, the value with the largest l/g is chosen, where g is the density of the rest.
/// </summary>
/// <param name="space">The space.</param>
/// <param name="options">Its settings.</param>
public sealed class TpeSearch(SearchSpace space, TpeOptions options) : ISearch
{
    private const int MostBetter = 25;

    /// <summary>Fields of the sweep file.</summary>
    internal static IReadOnlyList<FieldRule> Fields { get; } =
    [
        new("startup", FieldKind.Integer, "number of random settings before results are used") { Min = 1, Max = 10_000, Default = 10 },
        new("candidates", FieldKind.Integer, "number of candidate values, of which the most promising is chosen")
        {
            Min = 1,
            Max = 10_000,
            Default = 24,
        },
        new("gamma", FieldKind.Number, "fraction of the results that counts as better, rounded up, at most 25 results")
        {
            Min = 0,
            AboveMin = true,
            Max = 1,
            BelowMax = true,
            Default = 0.1,
        },
        new("priorWeight", FieldKind.Number, "weight of the uniform density relative to one result")
        {
            Min = 0,
            AboveMin = true,
            Max = 1e6,
            Default = 1,
        },
    ];

    private readonly RandomSearch _startup = new(space, options.Seed);

    /// <inheritdoc/>
    public int? Count => null;

    /// <inheritdoc/>
    public bool NeedsResults(int number) => number >= options.Startup;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JsonElement> Setting(int number, IReadOnlyList<SettingResult> results)
    {
        if (!NeedsResults(number) || results.Count == 0) return _startup.Setting(number, []);

        SettingResult[] ranked = Ranked(results);
        int better = Math.Min((int)Math.Ceiling(options.Gamma * ranked.Length), MostBetter);
        Dictionary<string, int> dimensions = space.Parameters.Index().ToDictionary(entry => entry.Item.Field, entry => entry.Index);
        return space.Setting(parameter =>
        {
            // A stream separate from that of the random settings at the start.
            RandomSequence random = RandomSearch.Draw(options.Seed, number, space.Parameters.Count + dimensions[parameter.Field]);
            return Choose(parameter, Values(ranked[..better], parameter), Values(ranked[better..], parameter), random);
        });
    }

    // Finished, then stopped early (the furthest first), then failed. Results that do not compare are ranked in their groups, and meet by
    // how far up their group they are.
    private static SettingResult[] Ranked(IReadOnlyList<SettingResult> results)
    {
        SettingResult[] ordered = [.. results.OrderBy(result => result.Number)];
        bool compares = ordered.Select(result => result.Group).Distinct().Count() < 2;
        Dictionary<int, double> ranks = ordered.Where(result => result.Losses.Count > 0).GroupBy(result => (result.Progress, result.Group))
            .SelectMany(group => ParetoFront.Ranks([.. group.Select(result => result.Losses)])
                .Select(rank => compares ? rank : (double)rank / group.Count()).Zip(group))
            .ToDictionary(pair => pair.Second.Number, pair => pair.First);
        return
        [
            .. ordered.OrderBy(result => result.Losses.Count == 0).ThenByDescending(result => result.Progress)
                .ThenBy(result => ranks.GetValueOrDefault(result.Number))
                .ThenBy(result => compares && result.Losses.Count == 1 ? result.Losses[0] : 0)
                .ThenBy(result => result.Number),
        ];
    }

    private static JsonElement[] Values(SettingResult[] results, SpaceParameter parameter) =>
        [.. results.Where(result => result.Setting.ContainsKey(parameter.Field)).Select(result => result.Setting[parameter.Field])];

    private JsonElement Choose(SpaceParameter parameter, JsonElement[] better, JsonElement[] rest, RandomSequence random)
    {
        if (parameter.Values is { } choices)
        {
            var good = new ChoiceDensity(Numbers(choices, better), choices.Count, options.PriorWeight);
            var bad = new ChoiceDensity(Numbers(choices, rest), choices.Count, options.PriorWeight);
            return choices[Best(() => good.Draw(random), choice => Math.Log(good.At(choice)) - Math.Log(bad.At(choice)))];
        }

        ParameterRange range = parameter.Range!;
        var goodValues = new ParzenDensity([.. better.Select(value => value.GetDouble())], range, options.PriorWeight);
        var badValues = new ParzenDensity([.. rest.Select(value => value.GetDouble())], range, options.PriorWeight);
        return range.Json(Best(() => goodValues.Draw(random), value => goodValues.LogAt(value) - badValues.LogAt(value)));
    }

    private T Best<T>(Func<T> draw, Func<T, double> gain)
    {
        T best = draw();
        double most = gain(best);
        for (int i = 1; i < options.Candidates; i++)
        {
            T candidate = draw();
            double value = gain(candidate);
            if (value > most) (best, most) = (candidate, value);
        }

        return best;
    }

    private static int[] Numbers(IReadOnlyList<JsonElement> choices, JsonElement[] values)
    {
        Dictionary<string, int> numbers = choices.Index().ToDictionary(entry => SpaceValues.Key(entry.Item), entry => entry.Index);
        return [.. values.Select(value => numbers[SpaceValues.Key(value)])];
    }
}
