using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Searches;

public sealed class SearchTests
{
    private const string Mixed = """
        space:
          training.learningRate: { min: 1.0e-5, max: 1.0e-1, log: true }
          model.latent: { min: 2, max: 9, integer: true }
          objective.beta: [1, 2, 4]
          training.clipNorm: { min: 1, max: 100 }

        """;

    [Fact]
    public void A_grid_contains_every_combination_once() => Check.QuickThrowOnFailure(Prop.ForAll<byte, byte, byte>((a, b, c) =>
    {
        int[] sizes = [1 + (a % 4), 1 + (b % 5), 1 + (c % 3)];
        string[] fields = ["objective.beta", "model.latent", "training.learningRate"];
        string space = string.Join(
            "\n", fields.Zip(sizes).Select(field => $"  {field.First}: [{string.Join(", ", Enumerable.Range(1, field.Second))}]"));
        SweepSpec sweep = SweepTexts.Parse($"seeds: [7, 8]\nspace:\n{space}\n");
        var plan = new TrialPlan(sweep);
        HashSet<string> seen = [.. Enumerable.Range(0, plan.Count).Select(i => plan.At(i, [])).Select(
            trial => $"{JsonSerializer.Serialize(trial.Parameters)} {trial.Seed}")];
        return plan.Count == sizes[0] * sizes[1] * sizes[2] * 2 && seen.Count == plan.Count;
    }));

    [Fact]
    public void In_a_grid_the_seed_varies_fastest_and_then_the_last_field()
    {
        var plan =
            new TrialPlan(SweepTexts.Parse("seeds: [7, 8]\nspace: { objective.beta: [1, 4], model.latent: { min: 2, max: 6, step: 2 } }"));
        Assert.Equal(
            [
                "beta 1, latent 2, seed 7", "beta 1, latent 2, seed 8", "beta 1, latent 4, seed 7", "beta 1, latent 4, seed 8",
                "beta 1, latent 6, seed 7", "beta 1, latent 6, seed 8", "beta 4, latent 2, seed 7",
            ],
            Enumerable.Range(0, 7).Select(i => plan.At(i, []).Describe()));
        Assert.Equal(12, plan.Count);
        Assert.Equal("0006-beta4-latent2-seed7", plan.At(6, []).FolderName);
    }

    [Fact]
    public void A_grid_with_a_stopping_rule_is_shuffled_deterministically()
    {
        const string Space = "space: { objective.beta: [1, 2, 3, 4, 5, 6, 7, 8], model.latent: [2, 3] }\n";
        string[] All(string more)
        {
            var plan = new TrialPlan(SweepTexts.Parse(Space + more));
            return [.. Enumerable.Range(0, plan.Count).Select(i => plan.At(i, []).Describe())];
        }

        string[] listed = All("stop: { kind: none }"), shuffled = All("stop: { kind: asha }");
        Assert.Equal(listed.Order(), shuffled.Order());
        Assert.NotEqual(listed, shuffled);
        Assert.Equal(shuffled, All("stop: { kind: median }"));
        Assert.Equal(shuffled, All("search: { kind: grid, order: shuffled }"));
        Assert.Equal(listed, All("search: { kind: grid, order: listed }\nstop: { kind: asha }"));
    }

    [Fact]
    public void A_conditional_field_is_omitted_if_its_condition_does_not_hold()
    {
        SweepSpec sweep = SweepTexts.Parse("""
            space:
              objective.schedule.steps: { values: [5, 10], when: { objective.schedule: linear } }
              objective.schedule: [constant, linear]
            """);
        var plan = new TrialPlan(sweep);
        Assert.Equal(
            ["schedule constant, seed 1", "steps 5, schedule linear, seed 1", "steps 10, schedule linear, seed 1"],
            Enumerable.Range(0, plan.Count).Select(i => plan.At(i, []).Describe()));
        Assert.Equal(10, plan.At(2, []).RunSpec(sweep).Objective.Schedule.Integer("steps"));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("tpe")]
    public void Every_value_is_in_its_range_and_depends_only_on_the_index(string kind)
    {
        SweepSpec sweep = SweepTexts.Parse($"search: {{ kind: {kind}, trials: 300, seed: 5 }}\n{Mixed}");
        var plan = new TrialPlan(sweep);
        Trial[] trials = [.. Enumerable.Range(0, kind == "tpe" ? 10 : 300).Select(i => plan.At(i, []))];
        foreach (Trial trial in trials)
        {
            Assert.InRange(trial.Parameters["training.learningRate"].GetDouble(), 1e-5, 1e-1);
            Assert.InRange(trial.Parameters["model.latent"].GetInt64(), 2, 9);
            Assert.InRange(trial.Parameters["training.clipNorm"].GetDouble(), 1, 100);
            Assert.Contains(trial.Parameters["objective.beta"].GetInt64(), new long[] { 1, 2, 4 });
        }

        var again = new TrialPlan(sweep with { Search = sweep.Search });
        foreach (Trial trial in trials.Reverse()) Assert.Equal(trial.FolderName, again.At(trial.Index, []).FolderName);
    }

    [Theory]
    [InlineData("random", 0.12)]
    [InlineData("sobol", 0.02)]
    public void Values_are_log_uniform_and_whole_numbers_equally_likely(string kind, double slack)
    {
        var plan = new TrialPlan(SweepTexts.Parse($"search: {{ kind: {kind}, trials: 512 }}\n{Mixed}"));
        Trial[] trials = [.. Enumerable.Range(0, 512).Select(i => plan.At(i, []))];
        double[] places = [.. trials.Select(trial => (Math.Log10(trial.Parameters["training.learningRate"].GetDouble()) + 5) / 4).Order()];
        for (int i = 0; i < 512; i++) Assert.InRange(places[i], (i / 512.0) - slack, (i / 512.0) + slack);
        foreach (IGrouping<long, Trial> latent in trials.GroupBy(trial => trial.Parameters["model.latent"].GetInt64()))
            Assert.InRange(latent.Count() / 64.0, 1 - (8 * slack), 1 + (8 * slack));
    }

    [Fact]
    public void Another_seed_gives_other_settings()
    {
        foreach (string kind in new[] { "random", "sobol" })
        {
            string[] folders = [.. new[] { 1, 2 }.Select(seed => new TrialPlan(
                SweepTexts.Parse($"search: {{ kind: {kind}, trials: 1, seed: {seed} }}\n{Mixed}")).At(0, []).Describe())];
            Assert.NotEqual(folders[0], folders[1]);
        }
    }

    [Fact]
    public void A_value_of_a_range_survives_mapping_to_the_scale_and_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll<ushort, ushort, bool>((a, b, isLog) =>
    {
        double min = 1 + (a % 50), max = min + 1 + (b % 1000);
        foreach (ParameterRange range in new[] { new ParameterRange(min, max, isLog, IsInteger: true, null), new ParameterRange(
            min, max, isLog, IsInteger: false, null) })
        {
            foreach (double place in new[] { 0, 0.1, 0.5, 0.9, 0.999999999 })
            {
                double value = range.AtPlace(place);
                if (value < min || value > max || (range.IsInteger && value != Math.Floor(value))) return false;
                if (Math.Abs(range.FromScale(range.Scaled(value)) - value) > 1e-4 * value) return false;
            }
        }

        return true;
    }));
}
