using System.CommandLine;
using VaeCluster.Cli.CommandLine;
using VaeCluster.Cli.Runs;
using VaeCluster.CommandLine;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Zoo;
using VaeCluster.Training.Runs;

namespace VaeCluster.Cli.Commands;

/// <summary><c>train</c>: trains the model of a run file.</summary>
internal static class TrainCommand
{
    internal static Command Create()
    {
        Argument<string?> file = new Argument<string?>("RUNFILE")
        {
            Description = "The run file (YAML).",
            Arity = ArgumentArity.ZeroOrOne,
        }.WithFiles();
        var ready = new Option<string?>("--ready")
        {
            Description = "A built-in run file instead; `models` lists the names.",
            HelpName = "NAME",
        };
        ready.CompletionSources.Add([.. ModelZoo.Names]);
        Option<string?> data = new Option<string?>("--data")
        {
            Description = "With --ready: folder of MNIST's files to train on, instead of rendered sprites.",
            HelpName = "DIR",
        }.WithFolders();
        var print = new Option<bool>("--print") { Description = "Only print the run file." };
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
        var verb = new Verb("train", "Train a model from a run file.")
        {
            Examples = ["train run.yaml", "train run.yaml --workers 2 --set objective.beta=4 --set training.epochs=20 --out runs/beta-4",
                "train run.yaml --from runs/001-mnist-vae@best --set training.learningRate=0.0001",
                "train --ready beta-tcvae", "train --ready vae --data data/mnist --print > run.yaml"],
        };
        verb.Arguments.Add(file);
        foreach (Option option in (Option[])[ready, data, folder, workers, threads, ranges, set, force, print]) verb.Options.Add(option);
        Option<bool> optimizerState = SharedOptions.OptimizerState(verb, from);
        verb.Validators.Add(result =>
        {
            bool hasFile = result.GetValue(file) is not null, hasName = result.GetValue(ready) is not null;
            if (!hasFile && !hasName) result.AddError("Required argument missing: give a run file, or --ready NAME");
            if (hasFile && hasName) result.AddError("give a run file or --ready NAME, not both");
            if (result.GetValue(data) is not null && result.GetValue(ready) is null) result.AddError("--data needs --ready");
        });
        verb.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string[] overrides = parsed.GetValue(set) ?? [];
            string? text = parsed.GetValue(ready) is { } name ? ReadyText(name, parsed.GetValue(data)) : null;
            if (parsed.GetValue(print) && text is not null && overrides.Length == 0)
            {
                // As it was written, not resolved.
                parsed.InvocationConfiguration.Output.Write(text);
                return ExitCodes.Done;
            }

            string path = parsed.GetValue(file) ?? $"{parsed.GetValue(ready)}.yaml", current = Environment.CurrentDirectory;
            RunSpec spec = text is null
                ? RunFile.Load(path, overrides, RunVocabulary.All)
                : RunFile.Parse(text, path, current, overrides, current, RunVocabulary.All);
            if (parsed.GetValue(print))
            {
                parsed.InvocationConfiguration.Output.Write(RunFile.Write(spec));
                return ExitCodes.Done;
            }

            string target = parsed.GetValue(folder) ?? RunFolders.Next(Environment.CurrentDirectory, spec.Name);
            var request = new TrainingRequest(
                path, parsed.GetValue(workers), parsed.GetValue(threads), parsed.GetValue(ranges), parsed.InvocationConfiguration);
            StartingWeights? start = parsed.GetValue(from) is { } run ? new StartingWeights(run, parsed.GetValue(optimizerState)) : null;
            return TrainingHost.Run(
                request, options => TrainingRun.Prepare(spec, target, parsed.GetValue(force), options, start), cancellation);
        }, CancellationToken.None));
        return verb;
    }

    private static string ReadyText(string name, string? mnist)
    {
        ZooModel model = ModelZoo.Find(name);
        return mnist is null ? model.RunFile : ModelZoo.RunFileOnMnist(model, mnist);
    }
}
