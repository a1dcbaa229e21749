using System.CommandLine;
using System.Globalization;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.Cli.Sweeps;
using VaeCluster.CommandLine;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Sweeps.Ready;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Cli.Commands;

/// <summary><c>sweep</c>: trains and ranks the trials of a sweep file.</summary>
internal static class SweepCommand
{
    internal static Command Create()
    {
        Argument<string?> file = new Argument<string?>("SWEEPFILE")
        {
            Description = "The sweep file (YAML); with --print also the folder of a sweep.",
            Arity = ArgumentArity.ZeroOrOne,
        }.WithFiles();
        var ready = new Option<string?>("--ready")
        {
            Description = $"A built-in sweep instead of a file: {string.Join(", ", ReadySweeps.Names)}.",
            HelpName = "NAME",
        };
        ready.CompletionSources.Add([.. ReadySweeps.Names]);
        Option<string?> folder = new Option<string?>("--out")
        {
            Description = "Folder of the sweep; by default a new numbered one under runs/.",
            HelpName = "DIR",
        }.WithFolders();
        Option<int?> parallel = SharedOptions.Optional("--parallel", "N", 1024,
            "Trials that train at the same time, like --set parallel=N; they share the threads.");
        var threads = SharedOptions.Optional("--threads", "T", 1024, "Threads of the whole process; by default one per core.");
        var set = new Option<string[]>("--set")
        {
            Description = "Override a field of the sweep file or of its base; may be given again.",
            HelpName = "a.b=value",
        };
        var print = new Option<bool>("--print") { Description = "Only print the sweep file, or with --trial the run file of a trial." };
        Option<int?> trial = SharedOptions.Index(
            "--trial", "N", "With --print: the index of a trial. Training its run file gives the same weights.");
        var verb = new Verb("sweep", "Train and rank the trials of a sweep file: fields of a run file over lists and ranges.")
        {
            Examples =
            [
                "sweep sweep.yaml --parallel 2",
                "sweep --ready beta-latent",
                "sweep --ready beta-latent --print > sweep.yaml",
                "sweep runs/004-beta-latent --trial 7 --print > trial-7.yaml",
            ],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[ready, folder, parallel, threads, set, print, trial]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if ((result.GetValue(file) is null) == (result.GetValue(ready) is null))
                result.AddError("give a sweep file or --ready NAME, one of the two");
            // The value itself may not be a number; that is said by the option.
            if (result.GetResult(trial) is not null && !result.GetValue(print)) result.AddError("--trial needs --print");
        });
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string[] overrides = [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(parallel) is { } count
                ? [string.Create(CultureInfo.InvariantCulture, $"parallel={count}")] : (string[])[]];
            string? name = parsed.GetValue(ready), path = parsed.GetValue(file);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(print))
            {
                output.Write(Printed(name, path, overrides, parsed.GetValue(trial)));
                return ExitCodes.Done;
            }

            SweepSpec spec = Load(name, path, overrides);
            string target = parsed.GetValue(folder) ?? RunFolders.Next(Environment.CurrentDirectory, spec.Name);
            return SweepHost.Run(new SweepRequest(parsed.GetValue(threads), parsed.InvocationConfiguration), runner =>
            {
                SweepJournal.DemandFree(new SweepFolder(target), target);
                SweepStart.Check(spec, path ?? $"{name}.yaml", runner);
                return SweepJournal.Create(spec, target, TimeProvider.System);
            }, cancellation);
        }, CancellationToken.None));
        return verb;
    }

    private static SweepSpec Load(string? ready, string? path, string[] overrides)
    {
        if (path is not null) return SweepFile.Load(path, overrides);
        string current = Environment.CurrentDirectory;
        return SweepFile.Parse(new SweepSource
        {
            Text = ReadySweeps.Text(ready!),
            FileName = $"{ready}.yaml",
            Folder = current,
            Base = SweepFile.BaseOf(Path.Combine(current, $"{ready}.yaml")),
            Overrides = overrides,
            OverrideFolder = current,
        });
    }

    private static string Printed(string? ready, string? path, string[] overrides, int? trial)
    {
        // A built-in sweep is printed as it was written, with its comments.
        if (trial is null && ready is not null && overrides.Length == 0) return ReadySweeps.Text(ready);

        SweepFolder? folder = path is not null && new SweepFolder(path) is { Exists: true } known ? known : null;
        SweepSpec spec = Load(ready, folder?.SpecPath ?? path, overrides);
        if (trial is not { } index) return SweepFile.Write(spec);

        var plan = new TrialPlan(spec);
        if (index < 0 || index >= plan.Count)
            throw new BadInputException("--trial", null, index.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"a trial from 0 to {plan.Count - 1}"));
        return RunFile.Write(TrialOf(plan, index, folder).RunSpec(spec));
    }

    private static Trial TrialOf(TrialPlan plan, int index, SweepFolder? folder)
    {
        if (!plan.NeedsResults(index)) return plan.At(index, []);
        LogLine? suggestion = folder is null
            ? null
            : SweepJournal.ReadLog(folder).FirstOrDefault(line => line.Kind == LogLine.Suggestion && line.Setting == plan.SettingOf(index));
        return suggestion is not null
            ? plan.With(index, suggestion.Parameters!)
            : throw new BadInputException(
                "--trial", null, index.ToString(CultureInfo.InvariantCulture),
                folder is null
                ? "depends on the results of earlier trials; give the folder of a sweep that has got that far"
                : "has not begun yet, and depends on the results of earlier trials");
    }
}
