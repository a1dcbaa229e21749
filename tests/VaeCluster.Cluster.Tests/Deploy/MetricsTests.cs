using System.Reflection;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Core.Instruments;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>Checks that silos export all metrics that rules and dashboard use, so that renaming one fails here.</summary>
/// <param name="cluster">The cluster that all of them use.</param>
[Collection(ChartCollection.Name)]
[Trait("Duration", "long")]
public sealed class MetricsTests(ChartCluster cluster)
{
    // Instruments that report only after failures that a test cannot provoke reliably, or only during a sweep.
    private static readonly string[] Silent =
    [
        "orleans_app_requests_timedout_total", "orleans_scheduler_long_running_turns_total", "orleans_messaging_pings_reply_missed_total",
        "vaecluster_gradient_dropped_total", "vaecluster_sweep_trials",
    ];

    // Only silos that use TorchSharp export these, and those of GPUs only with a GPU, so the scrape here cannot find them. They are
    // compared with the declared instruments instead, so that renaming one still fails.
    private static readonly string[] Devices =
        ["hw_gpu_memory_limit_bytes", "hw_gpu_memory_usage_bytes", "hw_gpu_utilization", "vaecluster_device_time_seconds_total"];

    [Fact]
    public void Device_metrics_in_rules_and_dashboard_are_declared_by_instruments()
    {
        string[] asked = [.. Expressions.All().SelectMany(expression => Expressions.MetricsOf(expression.Text)).Where(DeviceMetrics.IsOne)
            .Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(Devices, asked);
        Assert.Equal(Devices, DeviceMetrics.Declared());
    }

    [Fact]
    public void Orleans_metrics_in_rules_and_dashboard_are_declared_by_its_instruments()
    {
        // Needs no silo, so a newer Orleans that renames a metric fails here on every machine.
        IReadOnlySet<string> declared = OrleansMetrics.Declared();
        string[] asked = [.. Expressions.All().SelectMany(expression => Expressions.MetricsOf(expression.Text)).Where(IsOfOrleans)
            .Distinct()];
        Assert.True(asked.Length >= 6, string.Join(' ', asked));
        Assert.Empty(asked.Except(declared));
        Assert.Empty(Silent.Where(IsOfOrleans).Except(declared));
    }

    [ChartFact(Requirement.Prometheus)]
    public async Task Every_expression_of_rules_and_dashboard_finds_its_metric_in_a_live_scrape()
    {
        await cluster.InstallAsync();
        string run = await cluster.SubmitAsync(SmallRun.Text(epochs: 400)
            .Replace("everyEpochs: 0", "everyEpochs: 5", StringComparison.Ordinal));
        await cluster.UntilAsync(run, state => state["step"]!.GetValue<int>() >= 60);

        // A worker is lost in the middle of a step; its replacement is scraped too.
        ChartCluster.Silo worker = cluster.Silos.First(silo => silo.Workload.Labels["app.kubernetes.io/component"] == "worker");
        await cluster.LoseAsync(worker);
        using PrometheusServer prometheus = PrometheusServer.Start(cluster.Folder["prometheus"],
            cluster.Silos.Select(silo => silo.Address.Authority));

        string[] wanted = [.. Expressions.All().SelectMany(expression => Expressions.MetricsOf(expression.Text)).Distinct()];
        Assert.True(wanted.Length >= 25, string.Join(' ', wanted));
        HashSet<string> found = [];
        await prometheus.UntilAsync(async () => wanted.Except(found =
            await prometheus.NamesAsync()).Except(Silent).Except(Devices).Except(["vaecluster_train_kl_active_dimensions"]).Any() is false);
        await prometheus.UntilAsync(async () => (found = await prometheus.NamesAsync()).Contains("vaecluster_train_kl_active_dimensions"));
        foreach ((string place, string text) in Expressions.All())
        {
            foreach (string metric in Expressions.MetricsOf(text))
            {
                Assert.True(found.Contains(metric) || Silent.Contains(metric)
                    || Devices.Contains(metric), $"{place} asks for {metric}, which no silo has; found: {string.Join(' ', found.Order())}");
                bool isDeclared = DeviceMetrics.IsOne(metric) ? DeviceMetrics.Declared().Contains(metric)
                    : IsOfOrleans(metric) ? OrleansMetrics.Declared().Contains(metric) : IsDeclared(metric);
                if (!found.Contains(metric)) Assert.True(isDeclared, $"{place} asks for {metric}, which is no instrument");
            }

            // Prometheus can evaluate the expression, and it has a result if all of its metrics exist.
            await prometheus.QueryAsync(text);
        }

        Assert.True(await prometheus.UntilAsync(async () => (await prometheus.RulesAsync()) is { Length: > 0 } rules
            && rules.All(rule => rule.Text("health") == "ok")));
        Assert.DoesNotContain(await prometheus.RulesAsync(), rule => rule["state"]?.ToString() == "firing");

        // The replacement may have been scraped before it could answer.
        Assert.True(await prometheus.UntilAsync(async () =>
            (await prometheus.QueryAsync("sum(up{job=\"vaecluster\"})"))[0]!["value"]![1]!.ToString() == "4"));

        // Its first scrapes may all fall between two of the run's once-a-second updates, so the rate may be 0 for a moment; before the
        // second scrape there is none.
        Assert.True(await prometheus.UntilAsync(async () => await prometheus.QueryAsync("vaecluster:train_samples:rate1m") is [{ } rate]
            && rate["value"]![1]!.ToString() != "0"));
        await cluster.CancelAsync(run);
    }

    private static bool IsOfOrleans(string metric) => metric.StartsWith("orleans_", StringComparison.Ordinal);

    // Exporters replace characters that Prometheus does not allow in names, and add units and kinds.
    private static bool IsDeclared(string metric) =>
        typeof(InstrumentNames).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field.IsLiteral).Select(field => ((string)field.GetRawConstantValue()!).Replace('.', '_').Replace('-', '_'))
            .Any(name => metric == name || metric.StartsWith(name + "_", StringComparison.Ordinal));
}
