using System.CommandLine;
using System.CommandLine.Parsing;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.Cli.Runs;
using VaeCluster.Cli.Sweeps;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Server.Http;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>resume</c>: continues a stopped run or sweep, to the same weights; here, or on a server.</summary>
internal static class ResumeCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new Argument<string>("RUN")
        {
            Description = "The folder of a run or sweep, for example runs/001-mnist-vae; with --server its id.",
        }.WithFolders();
        Option<int> workers = SharedOptions.Workers();
        Option<int?> threads = SharedOptions.Threads();
        Option<int> ranges = SharedOptions.Ranges();
        Option<int?> epochs = SharedOptions.Optional("--epochs", "N", int.MaxValue,
            "More epochs than the run began with, this many in all; to the same weights as if it had begun with them.");
        var server = new Option<string?>("--server") { Description = "Address of the server that has the run.", HelpName = "URL" };
        Option<string?> tokenFile = ServerOptions.TokenFile();
        var set = new Option<string[]>("--set")
        {
            Description = "For a sweep: change parallel, maxFailures or search.trials; may be given again.",
            HelpName = "a.b=value",
        };
        var detach = new Option<bool>("--detach") { Description = "With --server: do not follow the run." };
        var verb = new Verb("resume",
            "Resume a run or a sweep from its newest complete checkpoint. A finished one stays as it is, unless --epochs asks for more.")
        {
            Examples = ["resume runs/001-mnist-vae --workers 2", "resume runs/001-mnist-vae --epochs 20",
                "resume runs/004-beta-latent --set search.trials=40 --set parallel=4",
                "resume 001-mnist-vae --server http://127.0.0.1:5080"],
        };
        verb.Arguments.Add(folder);
        foreach (Option option in (Option[])[workers, threads, ranges, epochs, set, server, tokenFile, detach]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            // A server chooses its own threads.
            bool remote = result.GetValue(server) is not null;
            Option[] misplaced = remote ? [threads, ranges, epochs] : [tokenFile, detach];
            if (misplaced.FirstOrDefault(option => IsGiven(result.GetResult(option))) is { } wrong)
                result.AddError(remote ? $"{wrong.Name} cannot be used with --server" : $"{wrong.Name} needs --server");
        });
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string path = parsed.GetRequiredValue(folder);
            if (parsed.GetValue(server) is { } address)
            {
                using var client = new RunClient(address, BearerToken.Read(parsed.GetValue(tokenFile)), TimeProvider.System);
                int? changed = IsGiven(parsed.GetResult(workers)) ? parsed.GetValue(workers) : null;
                if (client.FindSweepAsync(path, cancellation).GetAwaiter().GetResult() is { } sweep)
                    return ResumeThere(client, parsed, sweep, parsed.GetValue(set) ?? [], parsed.GetValue(detach), cancellation);
                if (parsed.GetValue(set) is { Length: > 0 } given)
                    throw new BadInputException("--set", null, given[0], "only for sweeps; the run file of a run that has begun is fixed");
                return ResumeThere(client, parsed, path, changed, parsed.GetValue(detach), cancellation);
            }

            string[] changes = parsed.GetValue(set) ?? [];
            if (new SweepFolder(path).Exists)
            {
                if (new Option[] { workers, ranges, epochs }.FirstOrDefault(option => IsGiven(parsed.GetResult(option))) is { } wrong)
                    throw new BadInputException(wrong.Name, null, null,
                        "only for runs; the trials of a sweep train with one worker each, 'parallel' of them at a time");
                return SweepHost.Run(new SweepRequest(parsed.GetValue(threads), parsed.InvocationConfiguration),
                    _ => OpenSweep(path, changes), cancellation);
            }

            if (changes.Length > 0)
                throw new BadInputException("--set", null, changes[0], "only for sweeps; the run file of a run that has begun is fixed");
            var request = new TrainingRequest(
                Path.Combine(path, "run.yaml"), parsed.GetValue(workers), parsed.GetValue(threads), parsed.GetValue(ranges),
                parsed.InvocationConfiguration);
            return TrainingHost.Run(request, options => TrainingRun.PrepareResume(path, options, parsed.GetValue(epochs)), cancellation);
        }, CancellationToken.None));
        return verb;
    }

    private static SweepJournal OpenSweep(string path, string[] changes)
    {
        SweepJournal journal = SweepJournal.Open(path, TimeProvider.System);
        try
        {
            if (changes.Length > 0) journal.Change(SweepChange.Apply(journal.Spec, changes, SweepDriver.BegunIn(journal)), changes);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static int ResumeThere(RunClient client, ParseResult parsed, SweepInfo sweep, string[] changes, bool detach,
        CancellationToken cancellation)
    {
        if (changes.Length > 0) sweep = client.ChangeSweepAsync(sweep.Id, changes, cancellation).GetAwaiter().GetResult();

        // The change alone may have resumed it, or it was running already.
        if (sweep.State is not (SweepState.Queued or SweepState.Running) || changes.Length == 0)
            sweep = client.TellSweepAsync(sweep.Id, "resume", cancellation).GetAwaiter().GetResult();
        var remote = new RemoteSweep(client, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (!detach) return remote.Follow(sweep, cancellation);
        parsed.InvocationConfiguration.Output.WriteLine(remote.HowToFollow(sweep.Id));
        return ExitCodes.Done;
    }

    private static int ResumeThere(RunClient client, ParseResult parsed, string id, int? workers, bool detach,
        CancellationToken cancellation)
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
