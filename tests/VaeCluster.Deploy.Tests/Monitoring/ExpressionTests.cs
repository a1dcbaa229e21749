using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Deploy.Tests.Monitoring;

/// <summary>Checks rules and dashboard on their own; the cluster's tests check on running silos that their metrics exist.</summary>
public sealed class ExpressionTests
{
    [RequiresFact(Requirement.Promtool)]
    public void Promtool_accepts_the_rules()
    {
        (int code, string output, string error) = Tool.Run("promtool", null, "check", "rules", Expressions.Rules);
        Assert.True(code == 0, output + error);
    }

    [RequiresFact(Requirement.Promtool)]
    public void Each_alert_fires_exactly_when_it_should()
    {
        string tests = Repository.At("tests", "VaeCluster.Deploy.Tests", "Monitoring", "rules-test.yaml");
        (int code, string output, string error) = Tool.Run("promtool", null, "test", "rules", tests);
        Assert.True(code == 0, output + error);
        HashSet<string> tried = [.. Regex.Matches(File.ReadAllText(tests), @"alertname: (\w+)").Select(match => match.Groups[1].Value)];
        Assert.Empty(Alerts().Select(rule => rule.Text("alert")).Except(tried));
    }

    [RequiresFact(Requirement.Promtool)]
    public void Promtool_accepts_the_configuration_of_compose()
    {
        string text = File.ReadAllText(Repository.At("deploy", "prometheus", "prometheus.yml"));
        Assert.Contains("[/etc/prometheus/rules.yaml]", text, StringComparison.Ordinal);
        string file = Path.GetTempFileName();
        File.WriteAllText(file, text.Replace("/etc/prometheus/rules.yaml", Expressions.Rules, StringComparison.Ordinal));
        (int code, string output, string error) = Tool.Run("promtool", null, "check", "config", file);
        File.Delete(file);
        Assert.True(code == 0, output + error);
    }

    [Fact]
    public void Each_alert_has_a_severity_and_an_entry_in_the_runbook()
    {
        string runbook = File.ReadAllText(Repository.At("deploy", "README.md")).ReplaceLineEndings("\n");
        JsonNode[] alerts = [.. Alerts()];
        Assert.True(alerts.Length >= 12);
        foreach (JsonNode alert in alerts)
        {
            Assert.Contains(alert.Text("labels.severity"), new[] { "warning", "critical" });
            Assert.NotEmpty(alert.Text("annotations.summary"));
            Assert.Contains($"\n| `{alert.Text("alert")}` |", runbook, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("sum(rate(a_total[5m])) / sum by (x) (rate(b_total{c=\"d\", e=~\"f.*\"}[1h])) > 0.5", "a_total b_total")]
    [InlineData("max(a) > 600 unless on () sum(b) > 5e+07", "a b")]
    [InlineData("histogram_quantile(0.9, sum by (le, phase) (rate(a_seconds_bucket[5m])))", "a_seconds_bucket")]
    [InlineData("absent(up{job=\"a\"} == 1)", "up")]
    [InlineData("a:b:rate1m and b or sum without (c) (d) offset 5m", "a:b:rate1m b d")]
    public void Metrics_are_extracted_from_expressions(string expression, string metrics) =>
        Assert.Equal(metrics.Split(' '), Expressions.MetricsOf(expression.Replace(" offset 5m", string.Empty, StringComparison.Ordinal)));

    [Fact]
    public void The_dashboard_queries_one_job_and_its_panels_do_not_overlap()
    {
        JsonNode dashboard = JsonNode.Parse(File.ReadAllText(Expressions.Dashboard))!;
        JsonNode[] panels = [.. dashboard["panels"].Items()];
        Assert.Equal(panels.Length, panels.Select(panel => panel.Text("id")).Distinct().Count());
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonNode panel in panels)
        {
            int[] place = [.. new[] { "x", "y", "w", "h" }.Select(name => panel["gridPos"]![name]!.GetValue<int>())];
            Assert.True(place[0] + place[2] <= 24);
            for (int x = place[0]; x < place[0] + place[2]; x++)
                for (int y = place[1]; y < place[1] + place[3]; y++)
                    Assert.True(taken.Add((x, y)), $"{panel.Text("title")} overlaps another panel");
        }

        foreach (JsonNode target in panels.SelectMany(panel => panel["targets"].Items()))
        {
            Assert.Equal("${datasource}", target.Text("datasource.uid"));
            Assert.Contains("job=\"vaecluster\"", target.Text("expr"), StringComparison.Ordinal);
        }
    }

    [RequiresFact(Requirement.Helm)]
    public void The_chart_ships_both_unchanged_and_sets_the_job_name()
    {
        IReadOnlyList<Manifest> all = ValueFiles.Render("production");
        JsonNode rules = all.Single(manifest => manifest.Kind == "PrometheusRule").Json["spec"]!;
        Assert.True(JsonNode.DeepEquals(Yaml.Read(File.ReadAllText(Expressions.Rules)), rules));
        JsonNode map = all.Single(manifest => manifest.Kind == "ConfigMap"
            && manifest.Name.EndsWith("-dashboard", StringComparison.Ordinal)).Json["data"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Expressions.Dashboard)),
            JsonNode.Parse(map["vaecluster.json"]!.ToString())));
        string label = all.Single(manifest => manifest.Kind == "ServiceMonitor").Json.Text("spec.jobLabel");
        Assert.Equal("vaecluster", all.Single(manifest => manifest.Kind == "Service"
            && manifest.Labels["app.kubernetes.io/component"] == "silos").Labels[label]);
        Assert.Equal("vaecluster",
            Yaml.Read(File.ReadAllText(Repository.At("deploy", "prometheus", "prometheus.yml"))).At("scrape_configs").Items().Single()
            .Text("job_name"));
    }

    private static IEnumerable<JsonNode> Alerts() =>
        Yaml.Read(File.ReadAllText(Expressions.Rules)).At("groups").Items().SelectMany(group => group["rules"].Items())
            .Where(rule => rule["alert"] is not null);
}
