using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.CommandLine;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Http;
using VaeCluster.Server.Logs;
using VaeCluster.Server.Telemetry;
using VaeCluster.Service.InProcess;
using VaeCluster.Service.Store;

namespace VaeCluster.Cli.Commands;

/// <summary><c>serve</c>: a server that trains the runs submitted to it in this process.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        Option<string> runs = new Option<string>("--runs")
        {
            Description = "Folder of the runs.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "runs",
        }.WithFolders();
        Option<string[]> data = new Option<string[]>("--data")
        {
            Description = "Folder whose files submitted runs may read; may be given again.",
            HelpName = "DIR",
        }.WithFolders();
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by ';'; beyond this machine only with a token.",
            HelpName = "URLS",
            DefaultValueFactory = _ => ApiServerOptions.DefaultUrl,
        };
        Option<string?> tokenFile = ServerOptions.TokenFile();
        var viewer = new Option<string?>("--viewer-token-file")
        {
            Description = "File with a token for read-only access.",
            HelpName = "FILE",
        };
        var otlp = new Option<string?>("--otlp")
        {
            Description = "Send metrics and traces to this OpenTelemetry collector; or set OTEL_EXPORTER_OTLP_ENDPOINT.",
            HelpName = "URL",
        };
        Option<LogFormat> format = ChoiceOptions.Choice(
            "--log-format", LogFormat.Lines, "Log format: lines, or json with one object per line.");
        Option<int> parallel = SharedOptions.Count("--parallel", "N", 1, 64, "Runs that train at the same time.");
        var verb = new Verb("serve",
            "Start a server that trains the runs and sweeps submitted to it; the dashboard is at the same address.")
        {
            Examples = ["serve --data data", "serve --urls http://0.0.0.0:5080 --token-file token --data /data --parallel 2",
                "serve --otlp http://collector:4317 --log-format json"],
        };
        foreach (Option option in (Option[])[runs, data, urls, tokenFile, viewer, parallel, otlp, format]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) =>
        {
            TextWriter output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output),
                error = parsed.InvocationConfiguration.Error;
            LogFormat words = parsed.GetValue(format);
            var local = new InProcessOptions
            {
                RunsFolder = parsed.GetRequiredValue(runs),
                DataFolders = parsed.GetValue(data) ?? [],
                Engine = () => new ManagedEngine(),
                Parallel = parsed.GetValue(parallel),
                Log = LogLine.To(output, words, "info"),
            };
            var api = new ApiServerOptions
            {
                Urls = parsed.GetRequiredValue(urls).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Token = BearerToken.Read(parsed.GetValue(tokenFile)),
                ViewerToken = parsed.GetValue(viewer) is { } file ? BearerToken.ReadFile(file, viewer.Name) : null,
                Log = LogLine.To(error, words, "error"),
            };
            return ServeAsync(local, api, parsed.GetValue(otlp), output, cancellation);
        });
        return verb;
    }

    private static async Task<int> ServeAsync(InProcessOptions local, ApiServerOptions api, string? otlp, TextWriter output,
        CancellationToken cancellation)
    {
        if (api.Token is not null) PrivateFiles.Begin(local.RunsFolder, local.Log);
        using OtlpExport? export = OtlpExport.Start(otlp, "vaecluster");
        await using InProcessService service = await InProcessService.OpenAsync(local);
        await using ApiServer server = await ApiServer.StartAsync(service.Runs, api with
        {
            Sweeps = service.Sweeps,
            SessionFolder = Path.Combine(local.RunsFolder, ".sessions"),
        }, CancellationToken.None);
        local.Log!($"listening on {string.Join(" ", server.Addresses)}, runs in {Path.GetFullPath(local.RunsFolder)}; Ctrl-C stops");
        await output.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        local.Log!("stopping; runs in progress write a checkpoint, and go on when a server starts on this folder again");
        return ExitCodes.Done;
    }
}
