using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Specs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>submit</c>: submits a run or a sweep to a server and follows it.</summary>
internal static class SubmitCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("RUNFILE") { Description = "The run file or sweep file (YAML)." }.WithFiles();
        Option<string> server = ServerOptions.Server(RemoteVerbs.DefaultServer);
        Option<string?> tokenFile = ServerOptions.TokenFile();
        Option<string[]> set = SharedOptions.Set();
        Option<int?> workers = SharedOptions.Optional(
            "--workers", "N", 1024,
            "Most workers that share a batch; by default all workers of a cluster, one on a server that is no cluster.");
        var detach = new Option<bool>("--detach") { Description = "Do not follow it." };
        var from = new Option<string?>("--from")
        {
            Description = "Begin with the weights of another run of the server: ID, ID@STEP or ID@best; by default its newest checkpoint.",
            HelpName = "ID",
        };
        var key = new Option<string?>("--key")
        {
            Description = "A name that makes it safe to submit again: with the same key, the run or sweep of the first time is found, whatever the file says now.",
            HelpName = "WORD",
        };
        Option<int?> wait = SharedOptions.Optional("--wait", "SECONDS", 86400, "How long to keep trying while the server does not answer.");
        var verb = new Verb("submit",
            "Submit a run or a sweep to a server and follow it; Ctrl-C stops following, and it continues on the server.")
        {
            Examples = ["submit run.yaml", "submit sweep.yaml",
                "submit run.yaml --server http://trainer:5080 --token-file token --set objective.beta=4 --workers 2 --detach",
                "submit run.yaml --key nightly-2026-01-02 --wait 600    # in a job that may be retried; works for sweeps too"],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[server, tokenFile, set, workers, detach, key, wait]) verb.Options.Add(option);
        Option<bool> optimizerState = SharedOptions.OptimizerState(verb, from);
        verb.SetAction((parsed, cancellation) => Task.Run(async () =>
        {
            string path = parsed.GetRequiredValue(file);
            TimeSpan patience = TimeSpan.FromSeconds(parsed.GetValue(wait) ?? 0);

            // A retry because no answer came must not start a second run.
            string? word = parsed.GetValue(key) ?? (patience > TimeSpan.Zero ? $"{Guid.NewGuid():N}" : null);
            if (SweepFile.IsSweep(path))
            {
                if (parsed.GetValue(workers) is not null)
                    throw new BadInputException("--workers", null, null,
                        "only for runs; the field 'parallel' of a sweep file sets how many trials train at the same time");
                if (parsed.GetValue(from) is { } start)
                    throw new BadInputException("--from", null, start, "only for runs; the trials of a sweep begin afresh");
                SweepSubmission sweep = ReadSweep(path, parsed.GetValue(set) ?? []) with { Key = word };
                using RunClient there = RemoteVerbs.Connect(parsed, server, tokenFile);
                return await SubmitSweepAsync(there, parsed, sweep, patience, parsed.GetValue(key) is not null, parsed.GetValue(detach),
                    cancellation);
            }

            var submission = new RunSubmission
            {
                RunFile = SpecSyntax.ReadFile(path),
                FileName = path,
                Folder = Path.GetDirectoryName(Path.GetFullPath(path)),
                Overrides = parsed.GetValue(set) ?? [],
                OverrideFolder = Environment.CurrentDirectory,
                Workers = parsed.GetValue(workers),
                From = parsed.GetValue(from),
                OptimizerState = parsed.GetValue(optimizerState),
                Key = word,
            };
            using RunClient client = RemoteVerbs.Connect(parsed, server, tokenFile);
            RunInfo run = await client.SubmitAsync(submission, patience, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool isKnown = parsed.GetValue(key) is not null && (run.Step > 0 || run.State is not (RunState.Queued or RunState.Running));
            output.WriteLine(isKnown ? $"{run.Id} was already submitted" : $"submitted {run.Id}");
            var remote = new RemoteRun(client, output, parsed.InvocationConfiguration.Error);
            if (!parsed.GetValue(detach)) return remote.Follow(run, fromStep: 0, cancellation);
            output.WriteLine(remote.HowToFollow(run.Id));
            return ExitCodes.Done;
        }, CancellationToken.None));
        return verb;
    }

    private static SweepSubmission ReadSweep(string path, string[] overrides)
    {
        // The base file is read here, beside the sweep file; its content is checked on the server, where the data are.
        string text = SpecSyntax.ReadFile(path), folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SpecMap file = SpecSyntax.ParseFile(text, path, folder);
        SpecScalar? name = overrides.Select(change => SpecOverrides.Parse(change, path, Environment.CurrentDirectory))
            .LastOrDefault(change => change.Field == "base").Value as SpecScalar
            ?? file.Find("base") as SpecScalar;
        string? baseFile = name is null ? null : RunFilePaths.Absolute(name);
        if (name is not null && !File.Exists(baseFile)) throw name.Origin.Fault("base", name.Value, "an existing run file");
        return new SweepSubmission
        {
            SweepFile = text,
            FileName = path,
            Folder = folder,
            BaseFile = baseFile is null ? null : SpecSyntax.ReadFile(baseFile),
            BaseFileName = name?.Value,
            BaseFolder = Path.GetDirectoryName(baseFile),
            Overrides = overrides,
            OverrideFolder = Environment.CurrentDirectory,
        };
    }

    private static async Task<int> SubmitSweepAsync(
        RunClient client, ParseResult parsed, SweepSubmission submission, TimeSpan patience, bool hasKey, bool detach,
        CancellationToken cancellation)
    {
        SweepInfo sweep = await client.SubmitAsync(submission, patience, cancellation);
        TextWriter output = parsed.InvocationConfiguration.Output;
        bool hasResults = sweep.Finished + sweep.StoppedEarly + sweep.Failed > 0;
        bool isKnown = hasKey && (hasResults || sweep.State is not (SweepState.Queued or SweepState.Running));
        output.WriteLine(isKnown ? $"{sweep.Id} was already submitted" : $"submitted {sweep.Id}");
        var remote = new RemoteSweep(client, output, parsed.InvocationConfiguration.Error);
        if (!detach) return remote.Follow(sweep, cancellation);
        output.WriteLine(remote.HowToFollow(sweep.Id));
        return ExitCodes.Done;
    }
}
