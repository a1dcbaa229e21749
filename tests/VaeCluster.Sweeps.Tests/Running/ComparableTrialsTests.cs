using System.Text.Json;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Running;

/// <summary>Sweeps over what is scored: trials are ranked among those that compare.</summary>
public sealed class ComparableTrialsTests
{
    private const string Likelihoods = "space: { model.likelihood: [bernoulli, gaussian], objective.beta: [1, 2] }\n";

    [Fact]
    public async Task A_sweep_over_likelihoods_has_a_best_of_each_unit_and_none_of_all()
    {
        // Densities are far above probabilities, whatever the model is worth.
        double[] elbos = [-110, -105, 2000, 1900];
        using var folder = new TemporaryFolder();
        SweepSummary summary = await DriveAsync(folder, Likelihoods, (work, _) => elbos[work.Trial.Index]);
        Assert.Null(summary.Best);
        Assert.Equal([1, 2], summary.Front);
        Assert.Equal(
            [("A", "model.likelihood bernoulli", 1), ("B", "model.likelihood a density", 2)],
            summary.Groups.Select(group => (group.Name, group.Basis, group.Best!.Value)));
        Assert.Equal([[0, 1], [2, 3]], summary.Groups.Select(group => group.Trials));
        Assert.Equal(
            "elbo of trials with model.likelihood bernoulli and with model.likelihood a density are not comparable: "
            + "trials are ranked only among those that are", summary.NotComparable);
        Assert.Equal(summary.NotComparable, SweepStart.Note(SweepTexts.Parse(Likelihoods)));
        Assert.Equal([1, 2], summary.Trials.Where(summary.IsBest).Select(trial => trial.Index));

        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(new SweepFolder(folder["sweep"]).SummaryPath));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("best").ValueKind);
        Assert.Equal([1, 2], json.RootElement.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("best").GetInt32()));
        Assert.Equal(summary.NotComparable, json.RootElement.GetProperty("notComparable").GetString());
    }

    [Theory]
    [InlineData("data.binarize: [none, static]")]
    [InlineData("data.limit: [50, 100]")]
    [InlineData("data.validation: [0.1, 0.2]")]
    [InlineData("evaluation.limit: [5, 10]")]
    [InlineData("evaluation.seed: [0, 1]")]
    [InlineData("objective.kind: [beta-vae, ae]")]
    public async Task A_sweep_over_what_is_scored_names_no_best_of_all(string field)
    {
        using var folder = new TemporaryFolder();
        SweepSummary summary = await DriveAsync(folder, $"space: {{ {field} }}\n", (work, _) => work.Trial.Index);
        Assert.Equal((null, 2), (summary.Best, summary.Groups.Count));
        Assert.Equal([0, 1], summary.Groups.Select(group => group.Best!.Value));
    }

    [Fact]
    public async Task A_sweep_over_beta_is_ranked_as_a_whole()
    {
        using var folder = new TemporaryFolder();
        SweepSummary summary = await DriveAsync(folder, "space: { objective.beta: [1, 2] }", (work, _) => work.Trial.Index);
        Assert.Equal((1, null, 0), (summary.Best, summary.NotComparable, summary.Groups.Count));
        Assert.Null(SweepStart.Note(SweepTexts.Parse("space: { objective.beta: [1, 2] }")));
        SweepSummary densities = await DriveAsync(
            new TemporaryFolder(), "space: { model.likelihood: [gaussian, laplace] }", (work, _) => work.Trial.Index);
        Assert.Equal((1, 0), (densities.Best, densities.Groups.Count));
    }

    [Fact]
    public async Task Seeds_are_averaged_inside_a_group()
    {
        double[] elbos = [9, 1, 6, 7, 90, 10, 60, 70]; // means 5 and 6.5; 50 and 65
        using var folder = new TemporaryFolder();
        SweepSummary summary = await DriveAsync(folder, "seeds: [1, 2]\n" + Likelihoods, (work, _) => elbos[work.Trial.Index]);
        Assert.Equal([3, 7], summary.Groups.Select(group => group.Best!.Value));
        Assert.Equal([2, 3, 6, 7], summary.Front);
    }

    [Fact]
    public async Task A_stopping_rule_stops_trials_by_those_that_compare()
    {
        // Ranked together, every density would stop every probability.
        using var folder = new TemporaryFolder();
        SweepSummary summary = await DriveAsync(
            folder,
            "stop: { kind: asha, grace: 1, reduction: 2 }\nspace: { model.likelihood: [gaussian, bernoulli], objective.beta: [1, 2] }\n",
            (work, epoch) => epoch - work.Trial.Index + (work.Run.Model.Likelihood.Name == "gaussian" ? 1000 : 0));
        Assert.Equal(
            [TrialStatus.Finished, TrialStatus.StoppedEarly, TrialStatus.Finished, TrialStatus.StoppedEarly],
            summary.Trials.Select(trial => trial.Status));
        Assert.Equal([0, 2], summary.Groups.Select(group => group.Best!.Value));
    }

    [Fact]
    public async Task A_resumed_sweep_says_the_same()
    {
        using var folder = new TemporaryFolder();
        string first = JsonSerializer.Serialize(await DriveAsync(folder, Likelihoods, (work, _) => work.Trial.Index), SweepJson.File);
        Assert.Equal(first, JsonSerializer.Serialize(await DriveAsync(folder, Likelihoods, (_, _) => 0), SweepJson.File));
        Assert.Equal(first, JsonSerializer.Serialize(SweepJournal.ReadSummary(new SweepFolder(folder["sweep"])), SweepJson.File));
    }

    [Fact]
    public async Task The_report_ranks_each_group_by_itself_and_says_why()
    {
        using var folder = new TemporaryFolder();
        SweepSpec sweep = SweepTexts.Parse(Likelihoods);
        SweepSummary summary = await DriveAsync(folder, Likelihoods, (work, _) => work.Trial.Index - 10);
        using var engine = new Engine.Managed.ManagedEngine();
        SweepReport report = SweepReportWriter.Collect(folder["report.html"], sweep, summary, engine, _ => null);
        string page = SweepReportPage.Render(report);
        Assert.Contains($"There is no best of all trials: {summary.NotComparable}.", page, StringComparison.Ordinal);
        foreach (string part in (string[])["Rate–distortion plane: group A, model.likelihood bernoulli",
            "Rate–distortion plane: group B, model.likelihood a density", "Best trial of group A", "Best trial of group B"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Rate–distortion plane</h2>", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("class=\"best\"").Length - 1);
        Assert.Equal([1, 3], SweepReportWriter.BestOfEachBeta(report.Parameters, summary)
            .Where(trial => trial.Parameters["objective.beta"].GetDouble().Equals(2)).Select(trial => trial.Index));
    }

    [Fact]
    public async Task A_range_gives_every_trial_a_group_of_its_own_and_the_words_stay_few()
    {
        using var folder = new TemporaryFolder();
        string text = "search: { kind: random, trials: 12 }\nspace: { data.validation: { min: 0.1, max: 0.5 } }\n";
        SweepSummary summary = await DriveAsync(folder, text, (work, _) => work.Trial.Index);
        Assert.Equal(12, summary.Groups.Count);
        Assert.InRange(summary.NotComparable!.Length, 100, 400);
        Assert.Contains("and 9 others", summary.NotComparable, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_of_an_earlier_release_is_read()
    {
        const string Json = """
            { "name": "s", "status": "finished", "objectives": [], "totalTrials": 0, "steps": 0, "best": null, "front": [], "trials": [] }
            """;
        SweepSummary summary = JsonSerializer.Deserialize<SweepSummary>(Json, SweepJson.File)!;
        Assert.Empty(summary.Groups);
    }

    private static async Task<SweepSummary> DriveAsync(TemporaryFolder folder, string text, Func<TrialWork, int, double> elbo)
    {
        bool isNew = !new SweepFolder(folder["sweep"]).Exists;
        using SweepJournal journal = isNew
            ? SweepJournal.Create(SweepTexts.Parse(text), folder["sweep"], TimeProvider.System)
            : SweepJournal.Open(folder["sweep"], TimeProvider.System);
        return await new SweepDriver(journal, new ScriptedTrials(elbo), new SweepDriverOptions()).RunAsync(CancellationToken.None);
    }
}
