using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Silo.Health;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Hosting;

/// <summary>HTTP of a silo: the API on those that serve, and health on all.</summary>
internal static class SiloApi
{
    private const int Furthest = 100;

    private const string MetricsPath = "/metrics";

    /// <summary>Starts to listen. Beside other silos of a standalone cluster the next free port is taken.</summary>
    /// <param name="settings">What the silo is.</param>
    /// <param name="runs">The service of runs; null: health alone.</param>
    /// <param name="sweeps">The service of sweeps; null: none.</param>
    /// <param name="readiness">Whether it is of use.</param>
    /// <param name="metrics">What is measured, for <c>/metrics</c>.</param>
    /// <param name="log">Told of faults.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">It cannot listen there.</exception>
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
