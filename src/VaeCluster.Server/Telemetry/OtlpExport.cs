using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using VaeCluster.Core;
using VaeCluster.Core.Instruments;

namespace VaeCluster.Server.Telemetry;

/// <summary>
/// Sends metrics and traces to an OpenTelemetry collector. It is off unless an option or the standard variable gives an address. The
/// standard variables <c>OTEL_*</c> configure everything else: protocol, headers, intervals, sampler, resource.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    // Tracing every step would produce thousands of traces a second.
    private const double SampledSteps = 0.01;

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Endpoints = [Endpoint, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    // Useful meters besides our own: HTTP requests, the runtime, and Orleans if present.
    private static readonly string[] OtherMeters = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.Orleans"];

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private OtlpExport(MeterProvider? metrics, TracerProvider? traces) => (_metrics, _traces) = (metrics, traces);

    /// <summary>Starts exporting, if an address is configured.</summary>
    /// <param name="address">The collector's address; null to use the standard variables. If they give none, nothing is sent.</param>
    /// <param name="service">The service name, unless <c>OTEL_SERVICE_NAME</c> gives another.</param>
    /// <exception cref="BadInputException">The address is not an HTTP address.</exception>
    public static OtlpExport? Start(string? address, string service)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return null;
        if (address is not null)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
                throw new BadInputException("--otlp", null, address, "an address such as http://127.0.0.1:4317");

            // Set it where the variable would be read, so that the same rules for paths apply.
            Environment.SetEnvironmentVariable(Endpoint, address);
        }

        if (Array.TrueForAll(Endpoints, name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))) return null;
        MeterProvider metrics = Meters(service).AddOtlpExporter().Build();
        TracerProviderBuilder traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource(service))
            .AddSource(InstrumentNames.Traces).AddOtlpExporter();
        if (Environment.GetEnvironmentVariable("OTEL_TRACES_SAMPLER") is null)
            traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(SampledSteps)));
        return new OtlpExport(metrics, traces.Build());
    }

    /// <summary>Collects all metrics of this process, for an exporter or an endpoint.</summary>
    /// <param name="service">The service name.</param>
    public static MeterProviderBuilder Meters(string service) =>
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(service)).AddMeter(InstrumentNames.Meter).AddMeter(OtherMeters);

    /// <summary>Flushes and stops.</summary>
    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private static ResourceBuilder Resource(string service)
    {
        ResourceBuilder resource = ResourceBuilder.CreateDefault();
        string? version = typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is null
            ? resource.AddService(service, serviceVersion: version)
            : resource;
    }
}
