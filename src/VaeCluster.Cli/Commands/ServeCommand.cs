using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Http;
using VaeCluster.Server.Local;

namespace VaeCluster.Cli.Commands;

/// <summary><c>serve</c>: takes runs over HTTP and trains them in this process.</summary>
internal static class ServeCommand
{
    internal static Command Create()
    {
        var runs = new Option<string>("--runs") { Description = "Folder of the runs.", HelpName = "DIR", DefaultValueFactory = _ => "runs" };
        var data = new Option<string[]>("--data") { Description = "Folder whose files submitted runs may read; may be given again.", HelpName = "DIR" };
        var urls = new Option<string>("--urls")
        {
            Description = "Where to listen; several with ';'. Beyond this machine only with a token.",
            HelpName = "URLS",
            DefaultValueFactory = _ => ApiServerOptions.DefaultUrl,
        };
        Option<string?> tokenFile = ServerOptions.TokenFile();
        Option<int> parallel = SharedOptions.Count("--parallel", "N", 1, 64, "Runs that train side by side.");
        var verb = new Verb("serve", "Take runs over HTTP and train them here.")
        {
            Examples = ["serve --data data", "serve --urls http://0.0.0.0:5080 --token-file token --data /data --parallel 2"],
        };
        foreach (Option option in (Option[])[runs, data, urls, tokenFile, parallel]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) =>
        {
            TextWriter output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output), error = parsed.InvocationConfiguration.Error;
            var local = new LocalRunOptions
            {
                RunsFolder = parsed.GetRequiredValue(runs),
                DataFolders = parsed.GetValue(data) ?? [],
                Engine = () => new ManagedEngine(),
                Parallel = parsed.GetValue(parallel),
                Log = output.WriteLine,
            };
            var api = new ApiServerOptions
            {
                Urls = parsed.GetRequiredValue(urls).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                Token = BearerToken.Read(parsed.GetValue(tokenFile)),
                Log = error.WriteLine,
            };
            return ServeAsync(local, api, output, cancellation);
        });
        return verb;
    }

    private static async Task<int> ServeAsync(LocalRunOptions local, ApiServerOptions api, TextWriter output, CancellationToken cancellation)
    {
        await using var runs = new LocalRunService(local);
        await using var sweeps = new LocalSweepService(new LocalSweepOptions
        {
            RunsFolder = local.RunsFolder,
            DataFolders = local.DataFolders,
            Engine = local.Engine,
            Log = local.Log,
        });
        await using ApiServer server = await ApiServer.StartAsync(runs, api with { Sweeps = sweeps }, CancellationToken.None);
        await output.WriteLineAsync($"listening on {string.Join(" ", server.Addresses)}, runs in {Path.GetFullPath(local.RunsFolder)}; Ctrl-C stops");
        await output.FlushAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await output.WriteLineAsync("stopping; runs in progress write a checkpoint");
        return ExitCodes.Done;
    }
}
