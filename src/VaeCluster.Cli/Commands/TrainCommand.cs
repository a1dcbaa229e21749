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
        var from = new Option<string?>("--from")
        {
            Description = "Begin with the weights of another run: RUN, RUN@STEP or RUN@best; by default its newest checkpoint.",
            HelpName = "RUN",
        }.WithFolders();
        var optimizerState = new Option<bool>("--optimizer-state") { Description = "With --from: take over the optimizer's state too." };
        var verb = new Verb("train", "Train a model from a run file.")
        {
            Examples = ["train run.yaml", "train run.yaml --workers 2 --set objective.beta=4 --set training.epochs=20 --out runs/beta-4",
                "train run.yaml --from runs/001-mnist-vae@best --set training.learningRate=0.0001"],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[folder, workers, threads, ranges, set, force, from, optimizerState]) verb.Options.Add(option);
        verb.Validators.Add(result =>
        {
            if (result.GetValue(optimizerState) && result.GetValue(from) is null) result.AddError("--optimizer-state needs --from");
        });
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string path = parsed.GetRequiredValue(file);
            RunSpec spec = RunFile.Load(path, parsed.GetValue(set) ?? [], RunVocabulary.All);
            string target = parsed.GetValue(folder) ?? RunFolders.Next(Environment.CurrentDirectory, spec.Name);
            var request = new TrainingRequest(
                path, parsed.GetValue(workers), parsed.GetValue(threads), parsed.GetValue(ranges), parsed.InvocationConfiguration);
            StartingWeights? start = parsed.GetValue(from) is { } run ? new StartingWeights(run, parsed.GetValue(optimizerState)) : null;
            return TrainingHost.Run(
                request, options => TrainingRun.Prepare(spec, target, parsed.GetValue(force), options, start), cancellation);
        }, CancellationToken.None));
        return verb;
    }
}
