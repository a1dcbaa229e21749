using System.CommandLine;
using VaeCluster.Cli.LocalRuns;
using VaeCluster.CommandLine;
using VaeCluster.Core;

namespace VaeCluster.Cli.Commands;

/// <summary><c>runs</c>: the runs and sweeps in a folder of this machine, without a server.</summary>
internal static class RunsCommand
{
    private const string DefaultFolder = "runs";

    internal static Verb Create()
    {
        Argument<string?> folder = new Argument<string?>("DIR")
        {
            Description = "The folder of the runs, or of one run or sweep; by default runs.",
            Arity = ArgumentArity.ZeroOrOne,
        }.WithFolders();
        var json = new Option<bool>("--json") { Description = "Print a JSON array instead of a table." };
        var verb = new Verb("runs", "List the runs and sweeps in a folder, the newest first: state, steps, ELBO and age.")
        {
            Examples = ["runs", "runs /shared/runs --json"],
            Notes = "The ELBO (nats per example) is that of held-out data where it was measured, else the last that training logged, marked (train); "
                + "of a sweep that of its best trial. 'vaecluster status' asks a server instead.",
        };
        verb.Arguments.Add(folder);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            string? given = parsed.GetValue(folder);
            string place = given ?? DefaultFolder;
            if (given is not null && !Directory.Exists(given))
                throw new BadInputException("DIR", null, given, File.Exists(given) ? "a folder; this is a file" : "an existing folder");

            TimeProvider time = TimeProvider.System;
            IReadOnlyList<LocalRun> runs = Directory.Exists(place)
                ? new LocalRunReader(Environment.CurrentDirectory, time).List(place)
                : [];
            if (parsed.GetValue(json)) output.WriteLine(LocalRunText.ToJson(runs));
            else if (runs.Count == 0) output.WriteLine($"no runs in {place} yet; start one with: {ProgramName.Value} quickstart");
            else foreach (string line in LocalRunText.Table(runs, time.GetUtcNow())) output.WriteLine(line);
            return ExitCodes.Done;
        });
        return verb;
    }
}
