using System.Text.Json;
using VaeCluster.Core.Random;
using VaeCluster.Sweeps.Searches;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Sweeps.Tests.Searches;

public sealed class TpeTests
{
    private static readonly SearchSpace Space = new(SweepTexts.Parse("""
        search: { kind: random, trials: 1 }
        space:
          training.learningRate: { min: 1.0e-6, max: 1, log: true }
          training.clipNorm: { min: 1, max: 10 }
          model.latent: { min: 1, max: 40, integer: true }
          model.activation: [relu, tanh, softplus, leaky-relu]
        """).Space);

    [Fact]
    public void It_finds_better_values_of_a_known_function_than_random_search()
    {
        var tpe = new double[10];
        var random = new double[10];
        for (int seed = 0; seed < 10; seed++)
        {
            tpe[seed] = Best(new TpeSearch(Space, new TpeOptions { Seed = seed }), 60);
            random[seed] = Best(new RandomSearch(Space, seed), 60);
        }

        Assert.True(tpe.Average() < 0.5 * random.Average(), $"TPE {tpe.Average()}, random {random.Average()}");
        Assert.True(tpe.Zip(random).Count(pair => pair.First < pair.Second) >= 8);
    }

    [Fact]
    public void A_suggestion_depends_on_its_number_and_results_but_not_on_their_order()
    {
        var search = new TpeSearch(Space, new TpeOptions { Seed = 3 });
        SettingResult[] results = [.. Results(search, 25)];
        string once = JsonSerializer.Serialize(search.Setting(30, results));
        Array.Reverse(results);
        Assert.Equal(once, JsonSerializer.Serialize(search.Setting(30, results)));
        Assert.NotEqual(once, JsonSerializer.Serialize(search.Setting(31, results)));
        Assert.False(search.NeedsResults(9));
        Assert.True(search.NeedsResults(10));
    }

    [Fact]
    public void Trials_stopped_early_or_failed_rank_behind_finished_ones()
    {
        // All finished trials chose tanh; the stopped ones have lower losses and the failed ones none.
        var search = new TpeSearch(Space, new TpeOptions { Startup = 1, Gamma = 0.5 });
        SettingResult[] results =
        [
            .. Enumerable.Range(0, 10).Select(i => Result(i, "tanh", [5.0 + i], 1)),
            .. Enumerable.Range(10, 5).Select(i => Result(i, "relu", [0.1], 0.3)),
            .. Enumerable.Range(15, 5).Select(i => Result(i, "softplus", [], 0)),
        ];
        int tanh = Enumerable.Range(20, 40).Count(number => search.Setting(number, results)["model.activation"].GetString() == "tanh");
        Assert.True(tanh >= 35, $"{tanh} of 40 suggestions chose tanh like the finished trials");

        SettingResult Result(int number, string activation, double[] losses, double progress)
        {
            var setting = new Dictionary<string, JsonElement>(
                new RandomSearch(Space, 1).Setting(number, []))
            { ["model.activation"] = JsonSerializer.SerializeToElement(activation) };
            return new SettingResult(number, setting, losses, progress);
        }
    }

    [Fact]
    public void Results_that_do_not_compare_are_ranked_in_their_groups()
    {
        // In each group tanh is better; one group's losses are all below the other's.
        var search = new TpeSearch(Space, new TpeOptions { Seed = 1, Startup = 10, Gamma = 0.25 });
        List<SettingResult> results = [.. Enumerable.Range(0, 40).Select(number =>
        {
            bool isDensity = number % 2 == 0, isGood = number % 8 < 2;
            var setting = new Dictionary<string, JsonElement>(new RandomSearch(Space, 1).Setting(number, []))
            {
                ["model.activation"] = JsonSerializer.SerializeToElement(isGood ? "tanh" : "relu"),
            };
            double loss = (isDensity ? -1000 : 100) + (isGood ? 0 : 10) + (number * 0.01);
            return new SettingResult(number, setting, [loss], 1) { Group = isDensity ? "density" : "probability" };
        })];
        int tanh = Enumerable.Range(40, 40).Count(number => search.Setting(number, results)["model.activation"].GetString() == "tanh");
        Assert.True(tanh >= 30, $"{tanh} of 40 suggestions chose what is better in each group");
        results = [.. results.Select(result => result with { Group = string.Empty })];
        int mixed = Enumerable.Range(40, 40).Count(number => search.Setting(number, results)["model.activation"].GetString() == "tanh");
        Assert.True(mixed < tanh, $"{mixed} of 40 where the units are mixed up");
    }

    [Fact]
    public void Draws_follow_the_density()
    {
        var range = new ParameterRange(1, 40, IsLog: false, IsInteger: true, null);
        var density = new ParzenDensity([5, 6, 30], range, prior: 1);
        double total = Enumerable.Range(1, 40).Sum(value => Math.Exp(density.LogAt(value)));
        Assert.Equal(1, total, 1e-6);
        RandomSequence random = RandomSearch.Draw(1, 0, 0);
        double[] counts = new double[41];
        const int Draws = 20_000;
        for (int i = 0; i < Draws; i++) counts[(int)density.Draw(random)]++;
        for (int value = 1; value <= 40; value++) Assert.Equal(Math.Exp(density.LogAt(value)), counts[value] / Draws, 0.01);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(-2, 0.022750131948179195)]
    [InlineData(-6, 9.865876450376946e-10)]
    public void The_normal_distribution_is_accurate_far_into_its_tail(double x, double below)
    {
        Assert.InRange(NormalCurve.Below(x) / below, 1 - 1e-6, 1 + 1e-6);
        Assert.Equal(x, NormalCurve.Quantile(below), 1e-6);
    }

    private static double Best(ISearch search, int count) => Results(search, count).Min(result => result.Losses[0]);

    private static List<SettingResult> Results(ISearch search, int count)
    {
        var results = new List<SettingResult>();
        for (int number = 0; number < count; number++)
        {
            IReadOnlyDictionary<string, JsonElement> setting = search.Setting(number, results);
            results.Add(new SettingResult(number, setting, [Loss(setting)], 1));
        }

        return results;
    }

    // The minimum, 0, is at 1e-3, 3, 20 and tanh.
    private static double Loss(IReadOnlyDictionary<string, JsonElement> setting)
    {
        double rate = Math.Log10(setting["training.learningRate"].GetDouble()) + 3;
        double norm = (setting["training.clipNorm"].GetDouble() - 3) / 3;
        double latent = (setting["model.latent"].GetDouble() - 20) / 15;
        return (rate * rate) + (norm * norm) + (latent * latent) + (setting["model.activation"].GetString() == "tanh" ? 0 : 1);
    }
}
