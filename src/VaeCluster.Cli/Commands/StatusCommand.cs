using System.CommandLine;
using System.Globalization;
using VaeCluster.Cli.Remote;
using VaeCluster.Cli.Runs;
using VaeCluster.Cli.Sweeps;
using VaeCluster.CommandLine;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Cli.Commands;

/// <summary><c>status</c>: the runs and sweeps of a server, or one of them.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var id = new Argument<string?>("RUN")
        {
            Description = "Id of a run or sweep; by default all are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> server = ServerOptions.Server(RemoteVerbs.DefaultServer);
        Option<string?> tokenFile = ServerOptions.TokenFile();
        var follow = new Option<bool>("--follow")
        {
            Description = "Follow it to its end; Ctrl-C stops following, and it continues on the server.",
        };
        var verb = new Verb("status", "Show the runs and sweeps of a server, or follow one.")
        {
            Examples = ["status", "status 001-mnist-vae --follow"],
        };
        verb.Arguments.Add(id);
        foreach (Option option in (Option[])[server, tokenFile, follow]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(follow) && result.GetValue(id) is null) result.AddError("--follow needs a run");
        });
        verb.SetAction((parsed, cancellation) => Task.Run(async () =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            using RunClient client = RemoteVerbs.Connect(parsed, server, tokenFile);
            if (parsed.GetValue(id) is not { } wanted)
            {
                WriteList(output, await client.ListAsync(cancellation));
                foreach (SweepInfo sweep in (await client.ListSweepsAsync(cancellation))?.Sweeps ?? []) output.WriteLine(Line(sweep));
                return ExitCodes.Done;
            }

            if (await client.FindSweepAsync(wanted, cancellation) is { } found)
            {
                if (parsed.GetValue(follow))
                    return new RemoteSweep(client, output, parsed.InvocationConfiguration.Error).Follow(found, cancellation);
                output.WriteLine(Line(found));
                foreach (string note in found.Notes) output.WriteLine($"note: {note}");
                if (found.Error is not null) output.WriteLine($"error: {found.Error}");
                foreach (string row in found.Summary is { } summary ? SweepText.Table(summary) : []) output.WriteLine(row);
                return ExitCodes.Done;
            }

            RunInfo run = await client.ShowAsync(wanted, cancellation);
            if (parsed.GetValue(follow))
                return new RemoteRun(client, output, parsed.InvocationConfiguration.Error).Follow(run, run.Step + 1, cancellation);
            output.WriteLine(Line(run));
            if (run.From is { } source) output.WriteLine($"began with the weights {source.Describe()}");
            foreach (string note in run.Notes) output.WriteLine($"note: {note}");
            if (run.Error is not null) output.WriteLine($"error: {run.Error}");
            if (run.Result is not null) output.WriteLine(ResultText.Summary(run.Result));
            return ExitCodes.Done;
        }, CancellationToken.None));
        return verb;
    }

    private static void WriteList(TextWriter output, RunPage page)
    {
        if (page.Runs.Count == 0) output.WriteLine("no runs yet");
        foreach (RunInfo run in page.Runs) output.WriteLine(Line(run));
        if (page.Next is not null) output.WriteLine($"… and older ones, before {page.Next}");
    }

    private static string Line(SweepInfo sweep)
    {
        int ended = sweep.Finished + sweep.StoppedEarly + sweep.Failed;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sweep.Id,-32} {sweep.State.ToString().ToLowerInvariant(),-9} sweep: {ended} of {sweep.TotalTrials} trials ended, {sweep.Running} running, submitted {sweep.Submitted:yyyy-MM-dd HH:mm}Z");
    }

    private static string Line(RunInfo run)
    {
        string total = run.Beginning is { } beginning
            ? string.Create(CultureInfo.InvariantCulture, $" of {beginning.TotalSteps:#,0}")
            : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Id,-32} {run.State.ToString().ToLowerInvariant(),-9} step {run.Step:#,0}{total}, submitted {run.Submitted:yyyy-MM-dd HH:mm}Z");
    }
}
