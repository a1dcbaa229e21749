using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>What a server tells of itself: to a collector that the standard variables name, and in its log.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_and_traces_go_where_the_standard_variables_say_and_the_log_is_json()
    {
        using var folder = new TemporaryFolder();
        string file = SmallData.WriteRun(folder, epochs: 3);
        using var collector = new Collector();
        var surroundings = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
        };
        using VaeClusterProcess server = VaeClusterProcess.Start(
            folder.Path, surroundings, "serve", "--runs", folder["runs"], "--data", folder.Path, "--urls", "http://127.0.0.1:0",
            "--log-format", "json");
        using JsonDocument line = JsonDocument.Parse(await server.FirstLine);
        Assert.Equal("info", line.RootElement.GetProperty("level").GetString());
        string url = line.RootElement.GetProperty("message").GetString()!.Split(' ', ',')
            .First(word => word.StartsWith("http://", StringComparison.Ordinal));
        VaeClusterProcess.Run(folder.Path, "submit", file, "--server", url, "--workers", "2").Succeeded();

        await collector.SeenAsync("/v1/metrics", "vaecluster.step.duration");
        await collector.SeenAsync("/v1/metrics", "vaecluster.train.elbo");
        await collector.SeenAsync("/v1/traces", "compute");
        Assert.DoesNotContain(collector.Texts("/v1/metrics"), text => text.Contains("001-bars", StringComparison.Ordinal));
    }

    /// <summary>Takes what is posted to it.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<(string Path, string Text)> _posts = [];
        private readonly SemaphoreSlim _came = new(0);

        internal Collector()
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            Url = FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}");
            free.Stop();
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _ = TakeAsync();
        }

        internal string Url { get; }

        public void Dispose()
        {
            _listener.Close();
            _came.Dispose();
        }

        internal IEnumerable<string> Texts(string path) => _posts.Where(post => post.Path == path).Select(post => post.Text);

        internal async Task SeenAsync(string path, string word)
        {
            while (!Texts(path).Any(text => text.Contains(word, StringComparison.Ordinal)))
                Assert.True(await _came.WaitAsync(TimeSpan.FromSeconds(60)), $"nothing with '{word}' came to {path}");
        }

        private async Task TakeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    _posts.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                    context.Response.Close();
                    _came.Release();
                }
                catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
