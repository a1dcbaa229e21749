using System.Text.RegularExpressions;
using VaeCluster.Core;
using VaeCluster.Engine.Managed;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Sweeps.Tests.Reports;

/// <summary>The report of a small trained sweep.</summary>
public sealed class SweepReportWriterTests : IDisposable
{
    private const string Text =
        """
        name: tiny
        base:
          data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 16, y: 16 }, validation: 0.2 }
          model:      { architecture: mlp, hidden: [8], activation: relu, likelihood: bernoulli }
          objective:  { kind: beta-vae }
          training:   { epochs: 3, batch: 8, shards: 2, optimizer: adam, learningRate: 0.001, seed: 1 }
        space:
          objective.beta: [1, 4]
          model.latent: [2, 3]
        search: { kind: grid }
        objective: elbo
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;
    private readonly ManagedEngine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_report_has_traversals_of_each_beta_and_links_to_the_trials()
    {
        SweepFolder sweep = await TrainAsync();
        string page = File.ReadAllText(SweepReportWriter.Write(sweep, _engine));
        Assert.InRange(page.Length, 20_000, 1_000_000);
        Assert.Equal(
            ["β 1", "β 4"], Regex.Matches(page, "<figure class=\"strip\"><figcaption><b>(.*?)</b>").Select(match => match.Groups[1].Value));
        string[] links = [.. Regex.Matches(page, "href=\"(.*?)\"").Select(match => match.Groups[1].Value)];
        Assert.Equal(4, links.Length);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(_folder, "sweep", link)), link));
        Assert.Contains(
            "grid search · no early stopping · 1 seed per setting · ranked by elbo", System.Net.WebUtility.HtmlDecode(page),
            StringComparison.Ordinal);
        Assert.Contains("Values of: validation.", page, StringComparison.Ordinal);
        // Writing the report again gives the same page.
        Assert.Equal(page, File.ReadAllText(SweepReportWriter.Write(sweep, _engine)));
        Assert.Empty(Directory.GetFiles(sweep.Path, "*.writing"));
    }

    [Fact]
    public async Task A_missing_or_damaged_trial_is_reported_and_the_rest_is_shown()
    {
        SweepFolder sweep = await TrainAsync();
        string best = BestOfBeta1(sweep);
        Directory.Delete(Path.Combine(best, "checkpoints"), recursive: true);
        string page = File.ReadAllText(SweepReportWriter.Write(sweep, _engine));
        Assert.Equal(
            ["β 4"], Regex.Matches(page, "<figure class=\"strip\"><figcaption><b>(.*?)</b>").Select(match => match.Groups[1].Value));
        Assert.Contains("cannot be shown completely: ", page, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(sweep.Path, "trials"), recursive: true);
        page = File.ReadAllText(SweepReportWriter.Write(sweep, _engine));
        Assert.Contains("Rate–distortion plane", page, StringComparison.Ordinal);
        Assert.Contains("No values recorded.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_sweep_is_rejected()
    {
        var fault = Assert.Throws<BadInputException>(() => SweepReportWriter.Write(new SweepFolder(_folder), _engine));
        Assert.Contains("not a sweep folder", fault.Message, StringComparison.Ordinal);
    }

    private async Task<SweepFolder> TrainAsync()
    {
        string file = Path.Combine(_folder, "sweep.yaml");
        File.WriteAllText(file, Text);
        SweepSpec spec = SweepFile.Load(file, []);
        var runner = new InProcessTrials(() => new ManagedEngine(), 2);
        using SweepJournal journal = SweepJournal.Create(spec, Path.Combine(_folder, "sweep"), TimeProvider.System);
        var driver = new SweepDriver(journal, runner, new SweepDriverOptions());
        Assert.Equal("finished", (await driver.RunAsync(CancellationToken.None)).Status);
        return journal.Folder;
    }

    private static string BestOfBeta1(SweepFolder sweep)
    {
        Sweeps.Trials.SweepSummary summary = SweepJournal.ReadSummary(sweep)!;
        return sweep.TrialPath(SweepReportWriter.BestOfEachBeta(ReportParameter.Of([], summary.Trials), summary).First().Folder);
    }
}
