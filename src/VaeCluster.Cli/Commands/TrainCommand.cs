using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>train</c>: trains the model of a run file.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        var file = new Argument<string>("RUNFILE") { Description = "The run file (YAML)." }.WithFiles();
        Option<string?> folder = SharedOptions.OutFolder();
        Option<int> workers = SharedOptions.Workers();
        Option<int?> threads = SharedOptions.Threads();
        Option<int> ranges = SharedOptions.Ranges();
        Option<string[]> set = SharedOptions.Set();
        var force = new Option<bool>("--force") { Description = "Replace the run in --out." };
        var verb = new Verb("train", "Train a model from a run file.")
        {
            Examples = ["train run.yaml", "train run.yaml --workers 2 --set objective.beta=4 --set training.epochs=20 --out runs/beta-4"],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[folder, workers, threads, ranges, set, force]) verb.Options.Add(option);
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string path = parsed.GetRequiredValue(file);
            RunSpec spec = RunFile.Load(path, parsed.GetValue(set) ?? [], RunVocabulary.All);
            string target = parsed.GetValue(folder) ?? RunFolders.Next(Environment.CurrentDirectory, spec.Name);
            var request = new TrainingRequest(
                path, parsed.GetValue(workers), parsed.GetValue(threads), parsed.GetValue(ranges), parsed.InvocationConfiguration);
            return TrainingHost.Run(request, options => TrainingRun.Prepare(spec, target, parsed.GetValue(force), options), cancellation);
        }, CancellationToken.None));
        return verb;
    }
}
