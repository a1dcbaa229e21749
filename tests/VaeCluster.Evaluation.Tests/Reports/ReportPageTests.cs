using System.Text.RegularExpressions;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Reports;
using VaeCluster.Evaluation.Reports.Charts;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Evaluation.Tests.Reports;

public class ReportPageTests
{
    private const string Attack = "<script>alert('x')</script>\"onload=\"&";

    [Fact]
    public void All_user_text_is_escaped()
    {
        string page = ReportPage.Render(new ReportContent
        {
            Title = Attack,
            Subtitle = Attack,
            Status = Attack,
            KeyNumbers = [new KeyNumber(Attack, Attack, Attack)],
            Dimensions = [new DimensionKl(0, 1, true)],
            DimensionsSource = Attack,
            Scores = new ScoreFile
            {
                Step = 1,
                WeightsSha256 = Attack,
                Seed = 0,
                Pool = 1,
                Split = Attack,
                Scores = new Dictionary<string, ScoreValue>
                {
                    [Attack] = new(0.5)
                    {
                        Parts = new Dictionary<string,
                    double>
                        { [Attack] = 1 }
                    },
                },
            },
            Figures = [new ReportFigure(Attack, Attack, [new ReportImage(Attack, Attack, Attack, new Raster(1, 1, 1))])
            {
                Folded = [new ReportImage(null, null, Attack, new Raster(1, 1, 1))],
                FoldedTitle = Attack,
            }],
            Facts = [new(Attack, Attack)],
            RunFile = Attack,
            WeightsSha256 = Attack,
            Commands = [Attack],
        });
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"onload=\"", page, StringComparison.Ordinal);
        Assert.Equal(22, Regex.Count(page, Regex.Escape("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;onload=&quot;&amp;")));
    }

    [Fact]
    public void The_page_is_self_contained()
    {
        string page = ReportPage.Render(Sample());
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(src|href)="(?!data:)""", page);
        Assert.DoesNotMatch("""https?://|url\(|@import""", page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_values_with_their_units()
    {
        string page = ReportPage.Render(Sample());
        Assert.Contains("−105.43", page, StringComparison.Ordinal);
        Assert.Contains("nats per example", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 dimensions are active, evaluated on 10 images.", page, StringComparison.Ordinal);
        Assert.Contains("z1: 0.001 nats, not active", page, StringComparison.Ordinal);
        Assert.Contains("vaecluster train run.yaml\nvaecluster report .", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_steep_start_does_not_flatten_the_rest_of_the_curve()
    {
        MetricsPoint[] epochs = [.. Enumerable.Range(1, 50).Select(i => new MetricsPoint(i, i, 0, 0, i == 1 ? 9000 : 100 - i, 0))];
        string page = ReportPage.Render(Sample() with { History = new MetricsHistory { Validation = epochs } });
        string chart = page[page.IndexOf(
            "<figcaption>Reconstruction", StringComparison.Ordinal)..page.IndexOf("<figcaption>KL", StringComparison.Ordinal)];
        Assert.DoesNotContain("9000", chart, StringComparison.Ordinal);
        Assert.DoesNotContain(">5k<", chart, StringComparison.Ordinal);
        Assert.Contains("step 50: 50.00", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_is_closed()
    {
        string page = ReportPage.Render(Sample());
        var open = new Stack<string>();
        foreach (Match tag in Regex.Matches(page[page.IndexOf("<body", StringComparison.Ordinal)..], "<(/?)([a-z0-9]+)[^>]*?(/?)>"))
        {
            string name = tag.Groups[2].Value;
            if (tag.Groups[3].Length > 0 || name is "img" or "html") continue;
            if (tag.Groups[1].Length == 0) open.Push(name);
            else Assert.Equal(open.Pop(), name);
        }

        Assert.Empty(open);
    }

    [Fact]
    public void A_run_without_values_has_a_report()
    {
        string page = ReportPage.Render(new ReportContent { Title = "new", Subtitle = "vae", Status = "running" });
        Assert.Contains("No values recorded.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rendering_is_deterministic() => Assert.Equal(ReportPage.Render(Sample()), ReportPage.Render(Sample()));

    private static ReportContent Sample() => new()
    {
        Title = "sample",
        Subtitle = "vae",
        Status = "finished",
        KeyNumbers = [new KeyNumber("Test ELBO", "−105.43", "nats per example")],
        History = new MetricsHistory
        {
            Steps = [new MetricsPoint(1, 1, 500, -500, 490, 10), new MetricsPoint(
                2, 1, double.NaN, double.NaN, double.NaN, double.NaN), new MetricsPoint(3, 1, 200, -200, 190, 10)],
            Epochs = [new MetricsPoint(3, 1, 350, -350, 340, 10)],
            Test = [new MetricsPoint(3, 1, double.NaN, -210, 200, 10)],
        },
        Dimensions = [new DimensionKl(0, 2.5, true), new DimensionKl(1, 0.001, false)],
        DimensionsSource = "10 images",
        Figures = [new ReportFigure("Samples", "From the prior.", [new ReportImage("z0", "2.5 nats", "samples", new Raster(4, 4, 3))])],
        Facts = [new("Engine", "managed")],
        RunFile = "name: sample\n",
        WeightsSha256 = "00ff",
        Commands = ["vaecluster train run.yaml", "vaecluster report ."],
    };
}
