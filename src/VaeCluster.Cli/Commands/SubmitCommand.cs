using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Remote;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Service;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Training.Service;

namespace VaeCluster.Cli.Commands;

/// <summary><c>submit</c>: hands a run to a server and follows it.</summary>
internal static class SubmitCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("RUNFILE") { Description = "The run file or sweep file (YAML)." };
        Option<string> server = ServerOptions.Server(RemoteVerbs.DefaultServer);
        Option<string?> tokenFile = ServerOptions.TokenFile();
        Option<string[]> set = SharedOptions.Set();
        Option<int?> workers = SharedOptions.Optional(
            "--workers", "N", 1024, "Most workers that share a batch; by default all of a cluster, one of a server that trains by itself.");
        var detach = new Option<bool>("--detach") { Description = "Do not follow the run." };
        var key = new Option<string?>("--key")
        {
            Description = "A word of yours for this very run: submitted again with it, the run of the first time is followed.",
            HelpName = "WORD",
        };
        Option<int?> wait = SharedOptions.Optional("--wait", "SECONDS", 86400, "How long to wait for a server that does not answer yet.");
        var verb = new Verb("submit", "Hand a run or a sweep to a server and follow it; Ctrl-C leaves it to itself.")
        {
            Examples = ["submit run.yaml", "submit sweep.yaml", "submit run.yaml --server http://trainer:5080 --token-file token --set objective.beta=4 --workers 2 --detach", "submit run.yaml --key nightly-2026-01-02 --wait 600    # in a job that may be tried again"],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[server, tokenFile, set, workers, detach, key, wait]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(async () =>
        {
            string path = parsed.GetRequiredValue(file);
            if (SweepFile.IsSweep(path))
            {
                if (parsed.GetValue(workers) is not null) throw new BadInputException("--workers", null, null, "is for runs; of a sweep, 'parallel' says how many trials train side by side");
                if (parsed.GetValue(key) is not null || parsed.GetValue(wait) is not null)
                    throw new BadInputException(parsed.GetValue(key) is null ? "--wait" : "--key", null, null, "is for runs");
                using RunClient there = RemoteVerbs.Connect(parsed, server, tokenFile);
                return await SubmitSweepAsync(there, parsed, path, parsed.GetValue(set) ?? [], parsed.GetValue(detach), cancellation);
            }

            TimeSpan patience = TimeSpan.FromSeconds(parsed.GetValue(wait) ?? 0);
            var submission = new RunSubmission
            {
                RunFile = SpecSyntax.ReadFile(path),
                FileName = path,
                Folder = Path.GetDirectoryName(Path.GetFullPath(path)),
                Overrides = parsed.GetValue(set) ?? [],
                OverrideFolder = Environment.CurrentDirectory,
                Workers = parsed.GetValue(workers),

                // Whoever asks again because no answer came does not mean a second run.
                Key = parsed.GetValue(key) ?? (patience > TimeSpan.Zero ? $"{Guid.NewGuid():N}" : null),
            };
            using RunClient client = RemoteVerbs.Connect(parsed, server, tokenFile);
            RunInfo run = await client.SubmitAsync(submission, patience, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            bool isKnown = parsed.GetValue(key) is not null && (run.Step > 0 || run.State is not (RunState.Queued or RunState.Running));
            output.WriteLine(isKnown ? $"{run.Id} was submitted before" : $"submitted {run.Id}");
            var remote = new RemoteRun(client, output, parsed.InvocationConfiguration.Error);
            if (!parsed.GetValue(detach)) return remote.Follow(run, fromStep: 0, cancellation);
            output.WriteLine(remote.HowToFollow(run.Id));
            return ExitCodes.Done;
        }, CancellationToken.None));
        return verb;
    }

    private static async Task<int> SubmitSweepAsync(
        RunClient client, ParseResult parsed, string path, string[] overrides, bool detach, CancellationToken cancellation)
    {
        // The base is found here, where the sweep file is; what it says is checked there, where the data are.
        string text = SpecSyntax.ReadFile(path), folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SpecMap file = SpecSyntax.ParseFile(text, path, folder);
        SpecScalar? name = overrides.Select(change => SpecOverrides.Parse(change, path, Environment.CurrentDirectory)).LastOrDefault(change => change.Field == "base").Value as SpecScalar
            ?? file.Find("base") as SpecScalar;
        string? baseFile = name is null ? null : RunFilePaths.Absolute(name);
        if (name is not null && !File.Exists(baseFile)) throw name.Origin.Fault("base", name.Value, "a run file; there is none of this name");
        SweepInfo sweep = await client.SubmitAsync(
            new SweepSubmission
            {
                SweepFile = text,
                FileName = path,
                Folder = folder,
                BaseFile = baseFile is null ? null : SpecSyntax.ReadFile(baseFile),
                BaseFileName = name?.Value,
                BaseFolder = Path.GetDirectoryName(baseFile),
                Overrides = overrides,
                OverrideFolder = Environment.CurrentDirectory,
            },
            cancellation);
        TextWriter output = parsed.InvocationConfiguration.Output;
        output.WriteLine($"submitted {sweep.Id}");
        var remote = new RemoteSweep(client, output, parsed.InvocationConfiguration.Error);
        if (!detach) return remote.Follow(sweep, cancellation);
        output.WriteLine(remote.HowToFollow(sweep.Id));
        return ExitCodes.Done;
    }
}
