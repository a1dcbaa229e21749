using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Reports;

public sealed class SweepReportPageTests
{
    private const string Attack = "<img src=x onerror=alert(1)>\"onload=\"&";

    private static readonly SpecOrigin Origin = new("sweep.yaml", 1, string.Empty);

    [Fact]
    public void All_user_text_is_escaped()
    {
        TrialRecord[] trials =
        [
            .. Enumerable.Range(0, 6).Select(i => Trials.Finished(
                i, [(Attack, i % 2 == 0 ? Attack : "b"), ("c", i)], [(Attack, i), ("kl", i), ("reconstruction", 9 - i)])),
            Trials.Finished(6, [], []) with { Status = TrialStatus.Failed, Error = Attack, Failures = 2 },
        ];
        string page = SweepReportPage.Render(Trials.Report(trials) with
        {
            Summary = Trials.Summary(trials) with { Name = Attack, Status = Attack, Objectives = [new SweepObjective(Attack, true)] },
            Subtitle = Attack,
            Notes = [Attack],
            SweepFile = Attack,
            Pages = new Dictionary<int, string> { [0] = Attack },
            Courses = new Dictionary<int, TrialCourse>
            {
                [0] = new(
                Attack, [new MetricsPoint(1, 1, 1, 1, 1, 1), new MetricsPoint(2, 1, 1, 1, 1, 1)])
            },
            Traversals = [new ReportImage(Attack, Attack, Attack, new Raster(1, 1, 1))],
        });
        Assert.DoesNotContain("<img src=x", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"onload=\"", page, StringComparison.Ordinal);
        Assert.True(Regex.Count(page, Regex.Escape("&lt;img src=x onerror=alert(1)&gt;&quot;onload=&quot;&amp;")) > 30);
    }

    [Fact]
    public void The_page_is_self_contained_and_its_policy_allows_only_its_own_script()
    {
        string page = SweepReportPage.Render(Sample());
        Assert.DoesNotMatch("""(src|href)="(?!data:|trials/)""", page);
        Assert.DoesNotMatch("""https?://|url\(|@import""", page);
        string script = Regex.Match(page, "<script>(.*)</script>", RegexOptions.Singleline).Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "<script"));
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_section_is_present()
    {
        string page = SweepReportPage.Render(Sample());
        string[] headings =
        [
            "Rate–distortion plane", "Scores over β and latent", "Latent traversals of the best trial of each β", "Training of all trials",
            "Parallel coordinates", "Importance of parameters", "Trials",
        ];
        foreach (string heading in headings)
            Assert.Contains($"<h2>{heading}</h2>", page, StringComparison.Ordinal);
        Assert.Contains("18 of 18", page, StringComparison.Ordinal);
        // Each trial is a point of the plane, a curve in each of three charts, a line of the parallel coordinates and a table row.
        Assert.Equal(6, Regex.Count(page, "data-trial=\"7\""));
    }

    [Fact]
    public void A_heat_map_cell_shows_the_mean_over_seeds_and_the_best_is_framed()
    {
        TrialRecord[] trials = Trials.Grid([1, 4], [2, 10], [1, 3]);
        string page = SweepReportPage.Render(Trials.Report(trials));
        // β 4, latent 10: KL 4 + 1 + 0.01·seed.
        Assert.Contains("β 4, latent 10: mean 5.02 of 2 trials, from 5.01 to 5.03", page, StringComparison.Ordinal);
        string elbo = page[page.IndexOf("aria-label=\"elbo over", StringComparison.Ordinal)..];
        elbo = elbo[..elbo.IndexOf("</svg>", StringComparison.Ordinal)];
        Assert.Contains("β 1, latent 10", Regex.Match(elbo, "cell best.*?</title>").Value, StringComparison.Ordinal);
        string kl = page[page.IndexOf("aria-label=\"kl over", StringComparison.Ordinal)..];
        kl = kl[..kl.IndexOf("</svg>", StringComparison.Ordinal)];
        Assert.Contains("β 4, latent 2", Regex.Match(kl, "cell best.*?</title>").Value, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(kl, "<rect"));
    }

    [Fact]
    public void A_random_search_over_ranges_gets_continuous_axes_and_bins()
    {
        TrialRecord[] trials = [.. Enumerable.Range(0, 40).Select(i => Trials.Finished(
            i, [(ReportParameter.BetaField, Math.Pow(2, i / 10.0)), ("training.learningRate", 1e-4 * Math.Pow(100, (i * 7 % 40) / 39.0))],
            [("elbo", -100 - i), ("kl", 40 - i), ("reconstruction", 60 + (2 * i))]))];
        SpaceParameter[] space =
        [
            new()
            {
                Field = ReportParameter.BetaField,
                Range = new ParameterRange(1, 16, IsLog: true, IsInteger: false, Step: null),
                Origin = Origin,
            },
            new()
            {
                Field = "training.learningRate",
                Range = new ParameterRange(1e-4, 1e-2, IsLog: true, IsInteger: false, Step: null),
                Origin = Origin,
            },
        ];
        SweepReport report = Trials.Report(trials, space);
        ReportParameter beta = report.Parameters[0];
        Assert.Empty(beta.Choices);
        Assert.Equal(10.0 / 39, beta.Position(trials[10])!.Value, 9); // logarithmic
        string page = SweepReportPage.Render(report);
        Assert.Contains("Scores over β and learningRate", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"tangent\"", page, StringComparison.Ordinal); // 40 lines would hide the points
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Contains("β 1–", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditional_fields_lists_and_words_are_shown()
    {
        TrialRecord[] trials =
        [
            Trials.Finished(0, [("model.architecture", "mlp"), ("model.hidden", new[] { 64, 32 })], [("elbo", -5), ("mig", 0.25)]),
            Trials.Finished(1, [("model.architecture", "conv")], [("elbo", -4)]),
            Trials.Finished(
                2, [("model.architecture", "mlp"), ("model.hidden", new[] { 8 })],
                [("elbo", double.NaN)]) with { Status = TrialStatus.Running },
        ];
        string page = SweepReportPage.Render(Trials.Report(trials));
        Assert.Contains("[64,32]", page, StringComparison.Ordinal);
        Assert.Contains(">–</td>", page, StringComparison.Ordinal);
        Assert.Contains(">running</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "4")]
    [InlineData(1234567, "1234567")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(0.0012345678, "0.00123457")]
    [InlineData(-2.5, "-2.5")]
    public void Parameter_values_are_short_and_whole_numbers_exact(double number, string text) =>
        Assert.Equal(text, ReportParameter.TextOf(number));

    [Fact]
    public void A_sweep_that_has_just_started_can_be_rendered()
    {
        Assert.Contains("0 of 0", SweepReportPage.Render(Trials.Report([])), StringComparison.Ordinal);
        TrialRecord waiting = Trials.Finished(0, [(ReportParameter.BetaField, 1)], []) with { Status = TrialStatus.Waiting };
        Assert.Contains(">waiting</td>", SweepReportPage.Render(Trials.Report([waiting])), StringComparison.Ordinal);
        TrialRecord[] single = Trials.Grid([1], [4], [1]);
        Assert.DoesNotContain("NaN", SweepReportPage.Render(Trials.Report(single)), StringComparison.Ordinal);
    }

    private static SweepReport Sample()
    {
        TrialRecord[] trials = Trials.Grid([1, 4, 16], [2, 4, 10], [1, 2]);
        return Trials.Report(trials) with
        {
            Courses = trials.ToDictionary(trial => trial.Index, _ => new TrialCourse("validation",
                [.. Enumerable.Range(1, 5).Select(i => new MetricsPoint(i * 100, i, 1, -200 + i, 150 - i, 50 - i))])),
            Pages = trials.ToDictionary(trial => trial.Index, trial => $"trials/{trial.Index}/report.html"),
            Traversals = [new ReportImage("β 1", "trial 0", "Latent traversals of trial 0", new Raster(9, 3, 1))],
        };
    }
}
