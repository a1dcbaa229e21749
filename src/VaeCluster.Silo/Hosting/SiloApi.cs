using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Silo.Health;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Hosting;

/// <summary>The HTTP server of a silo: the API on server silos, health checks on all.</summary>
internal static class SiloApi
{
    private const int Furthest = 100;

    private const string MetricsPath = "/metrics";

    /// <summary>Starts to listen. If the default port is taken by another silo of a standalone cluster, the next free one is
    /// used.</summary>
    /// <param name="settings">The silo's settings.</param>
    /// <param name="runs">The run service; null to serve only health checks.</param>
    /// <param name="sweeps">The sweep service; null on a silo without one.</param>
    /// <param name="readiness">Answers whether the silo is ready.</param>
    /// <param name="metrics">The metrics that <c>/metrics</c> serves.</param>
    /// <param name="log">Receives a line for each fault.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">An address cannot be listened on.</exception>
    internal static async Task<ApiServer> StartAsync(
        SiloSettings settings, IRunService? runs, ISweepService? sweeps, Readiness readiness, MeterProvider metrics, Action<string> log,
        CancellationToken cancellation)
    {
        var standard = new UriBuilder(ApiServerOptions.DefaultUrl);
        int first = standard.Port;
        while (true)
        {
            string[] urls = settings.Urls is { } given ? [.. given] : [standard.Uri.GetLeftPart(UriPartial.Authority)];
            var options = new ApiServerOptions
            {
                Urls = urls,
                Token = settings.Token,
                Sweeps = sweeps,
                ViewerToken = settings.ViewerToken,
                SessionFolder = runs is null ? null : Path.Combine(settings.Runs, ".sessions"),
                OpenPaths = [MetricsPath],
                Extend = app => app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, MetricsPath, null, null),
                WhyClosed = readiness.WhyClosed,
                WhyNotReady = readiness.WhyNotReadyAsync,
                Log = log,
            };
            try
            {
                return runs is null
                    ? await ApiServer.StartHealthAsync(options, cancellation)
                    : await ApiServer.StartAsync(runs, options, cancellation);
            }
            catch (IOException) when (settings is { IsStandalone: true, Urls: null } && standard.Port < first + Furthest)
            {
                standard.Port++;
            }
            catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
            {
                string free = $"addresses that are free on this machine ({fault.Message})";
                throw new BadInputException("--urls", null, string.Join(';', urls), free, fault);
            }
        }
    }
}
