using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Deploy.Tests.Fixtures;

namespace VaeCluster.Cluster.Tests.Deploy;

/// <summary>The test's own Prometheus, which scrapes silos and evaluates the chart's rules.</summary>
internal sealed class PrometheusServer : ProgramProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromMilliseconds(100);

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    private readonly Uri _address;

    private PrometheusServer(ProcessStartInfo start, Uri address)
        : base(start) => _address = address;

    /// <summary>Starts it.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="targets">What is scraped: hosts with ports.</param>
    internal static PrometheusServer Start(string folder, IEnumerable<string> targets)
    {
        Directory.CreateDirectory(folder);
        string configuration = Path.Combine(folder, "prometheus.yml");
        string list = string.Join(", ", targets.Select(target => $"\"{target}\""));
        File.WriteAllText(configuration, $$"""
            global: { scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms }
            rule_files: ["{{Expressions.Rules}}"]
            scrape_configs:
              - job_name: vaecluster
                static_configs: [{ targets: [{{list}}] }]
            """);
        string address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{TcpPorts.Unused()}");
        string[] arguments = [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}",
            $"--web.listen-address={address}"];
        return new PrometheusServer(new ProcessStartInfo("prometheus", arguments) { WorkingDirectory = folder },
            new Uri($"http://{address}/"));
    }

    /// <summary>The current result of an expression; throws if it is invalid.</summary>
    /// <param name="expression">The expression.</param>
    internal async Task<JsonArray> QueryAsync(string expression)
    {
        using HttpResponseMessage answer = await Http.GetAsync(new Uri(_address, $"api/v1/query?query={Uri.EscapeDataString(expression)}"));
        JsonNode json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(json.Text("status") == "success", $"{expression}: {json.ToJsonString()}");
        return json.At("data.result")!.AsArray();
    }

    /// <summary>The names of all metrics that it has ever seen.</summary>
    internal async Task<HashSet<string>> NamesAsync()
    {
        string text = await Http.GetStringAsync(new Uri(_address, "api/v1/label/__name__/values"));
        return [.. JsonNode.Parse(text)!["data"].Items().Select(name => name.ToString())];
    }

    /// <summary>The rules that it evaluates, with their health.</summary>
    internal async Task<JsonNode[]> RulesAsync()
    {
        JsonNode json = JsonNode.Parse(await Http.GetStringAsync(new Uri(_address, "api/v1/rules")))!;
        return [.. json.At("data.groups").Items().SelectMany(group => group["rules"].Items())];
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="holds">The condition.</param>
    internal async Task<bool> UntilAsync(Func<Task<bool>> holds)
    {
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Longest)
        {
            try
            {
                if (await holds()) return true;
            }
            catch (HttpRequestException) when (!HasExited)
            {
                // It is still starting.
            }

            await Task.Delay(Pause);
        }

        return false;
    }
}
