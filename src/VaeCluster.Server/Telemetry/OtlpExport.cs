using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using VaeCluster.Core;
using VaeCluster.Core.Instruments;

namespace VaeCluster.Server.Telemetry;

/// <summary>
/// Sends metrics and traces to an OpenTelemetry collector. It is off unless an address is given, by an option or by the standard variable;
/// all else (protocol, headers, intervals, sampler, resource) is configured by the standard variables <c>OTEL_*</c>.
/// </summary>
public sealed class OtlpExport : IDisposable
{
    // A trace of every step would be thousands a second.
    private const double SampledSteps = 0.01;

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Endpoints = [Endpoint, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    // What is worth a look beside our own: the host's requests, the runtime, and Orleans where it is there.
    private static readonly string[] OtherMeters = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.Orleans"];

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private OtlpExport(MeterProvider? metrics, TracerProvider? traces) => (_metrics, _traces) = (metrics, traces);

    /// <summary>Begins to send, where that is wanted.</summary>
    /// <param name="address">The collector's address; null: that of the variables, else nothing is sent.</param>
    /// <param name="service">The name of the program, unless <c>OTEL_SERVICE_NAME</c> says another.</param>
    /// <exception cref="BadInputException">The address is none.</exception>
    public static OtlpExport? Start(string? address, string service)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return null;
        if (address is not null)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
                throw new BadInputException("--otlp", null, address, "an address such as http://127.0.0.1:4317");

            // Where the variable would say it: then paths are added to it by the same rules.
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

    /// <summary>Everything that is measured in this process, to be sent or shown somewhere.</summary>
    /// <param name="service">The name of the program.</param>
    public static MeterProviderBuilder Meters(string service) =>
        Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(service)).AddMeter(InstrumentNames.Meter).AddMeter(OtherMeters);

    /// <summary>Sends what is left.</summary>
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
