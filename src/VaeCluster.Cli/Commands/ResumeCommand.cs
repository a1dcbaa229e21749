using System.CommandLine;
using System.CommandLine.Parsing;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.Cli.Runs;
using VaeCluster.Server.Http;
using VaeCluster.Training.Runs;
using VaeCluster.Training.Service;

namespace VaeCluster.Cli.Commands;

/// <summary><c>resume</c>: goes on where a run stopped, to the same weights; here, or on a server.</summary>
internal static class ResumeCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new("RUN") { Description = "A run folder, for example runs/001-mnist-vae; with --server the id of a run." };
        Option<int> workers = SharedOptions.Workers();
        Option<int?> threads = SharedOptions.Threads();
        Option<int> ranges = SharedOptions.Ranges();
        var server = new Option<string?>("--server") { Description = "Address of the server that has the run.", HelpName = "URL" };
        Option<string?> tokenFile = ServerOptions.TokenFile();
        var detach = new Option<bool>("--detach") { Description = "With --server: do not follow the run." };
        var verb = new Verb("resume", "Go on with a run from its newest whole checkpoint; a finished run stays as it is.")
        {
            Examples = ["resume runs/001-mnist-vae --workers 2", "resume 001-mnist-vae --server http://127.0.0.1:5080"],
        };
        verb.Arguments.Add(folder);
        foreach (Option option in (Option[])[workers, threads, ranges, server, tokenFile, detach]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            // The server decides over its own threads.
            bool remote = result.GetValue(server) is not null;
            Option[] misplaced = remote ? [threads, ranges] : [tokenFile, detach];
            if (misplaced.FirstOrDefault(option => IsGiven(result.GetResult(option))) is { } wrong)
                result.AddError(remote ? $"{wrong.Name} is not for runs on a server" : $"{wrong.Name} needs --server");
        });
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string path = parsed.GetRequiredValue(folder);
            if (parsed.GetValue(server) is { } address)
            {
                using var client = new RunClient(address, BearerToken.Read(parsed.GetValue(tokenFile)), TimeProvider.System);
                int? changed = IsGiven(parsed.GetResult(workers)) ? parsed.GetValue(workers) : null;
                return ResumeThere(client, parsed, path, changed, parsed.GetValue(detach), cancellation);
            }

            var request = new TrainingRequest(
                Path.Combine(path, "run.yaml"), parsed.GetValue(workers), parsed.GetValue(threads), parsed.GetValue(ranges), parsed.InvocationConfiguration);
            return TrainingHost.Run(request, options => TrainingRun.PrepareResume(path, options), cancellation);
        }, CancellationToken.None));
        return verb;
    }

    private static int ResumeThere(RunClient client, ParseResult parsed, string id, int? workers, bool detach, CancellationToken cancellation)
    {
        RunInfo run = client.ResumeAsync(id, workers, cancellation).GetAwaiter().GetResult();
        var remote = new RemoteRun(client, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (!detach) return remote.Follow(run, run.Step + 1, cancellation);
        parsed.InvocationConfiguration.Output.WriteLine(remote.HowToFollow(id));
        return ExitCodes.Done;
    }

    private static bool IsGiven(OptionResult? result) => result is { Implicit: false };

    private static bool IsGiven(SymbolResult? result) => result is OptionResult { Implicit: false };
}
