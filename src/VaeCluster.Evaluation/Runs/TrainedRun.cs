using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>A run with trained weights, finished or not.</summary>
/// <param name="Spec">The resolved run.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">The splits.</param>
/// <param name="Weights">The flat vector of weights, or their moving average if the run keeps one.</param>
/// <param name="Step">Number of training steps of the weights.</param>
/// <param name="Result">The contents of result.json; null if the run has not finished.</param>
public sealed record TrainedRun(
    RunSpec Spec, RunFolder Folder, VaeModel Model, DataSplits Data, ReadOnlyMemory<float> Weights, int Step, RunResult? Result)
{
    /// <summary>A run at the end of training.</summary>
    /// <param name="run">The run.</param>
    public static TrainedRun From(FinishedRun run) =>
        new(run.Spec, run.Folder, run.Model, run.Data, run.Weights, run.Result.Steps, run.Result);

    /// <summary>Opens a run folder with the weights of its newest valid checkpoint.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="notice">Called with one line for each newer checkpoint that is damaged.</param>
    /// <param name="datasets">Datasets that are already open; null to open the files anew.</param>
    /// <param name="places">Maps the paths of the run's data to this machine; null to use the paths in the run file.</param>
    /// <exception cref="BadInputException">The folder has no run or no valid checkpoint, or its data cannot be read.</exception>
    public static TrainedRun Open(
        string folder, Action<string> notice, DatasetCache? datasets = null, Func<RunSpec, RunSpec>? places = null)
    {
        var files = new RunFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "not a run folder (it has no run.yaml)");
        RunSpec spec = RunFile.Load(files.SpecPath, [], RunVocabulary.All);
        spec = places?.Invoke(spec) ?? spec;
        DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, datasets);
        foreach (string difference in RunOrigin.Read(files)?.Differences(spec, data) ?? []) notice(difference);
        VaeModel model = VaeModel.Create(spec, data.Image);
        IOptimizer optimizer = OptimizerFactory.Create(spec.Training);
        var store = new CheckpointStore(files.CheckpointsPath, model.Layout, optimizer.Moments, optimizer.Average);
        if (store.ReadNewest((_, damaged) => notice($"{damaged.Message}; skipped")) is not { } newest)
            throw new BadInputException(folder, null, null, "the run has no valid checkpoint yet; train it until its first checkpoint");

        return new TrainedRun(
            spec, files, model, data, newest.Checkpoint.Judged(optimizer), newest.Checkpoint.State.Step, ReadResult(files));
    }

    /// <summary>The split to evaluate the model on: test if there is one, else validation, else training.</summary>
    public Split EvaluationSplit => Data.Test ?? Data.Validation ?? Data.Train;

    /// <summary>The split with a given name.</summary>
    /// <param name="name"><c>train</c>, <c>validation</c> or <c>test</c>; null: <see cref="EvaluationSplit"/>.</param>
    /// <exception cref="BadInputException">The run has no such split.</exception>
    public Split SplitNamed(string? name)
    {
        if (name is null) return EvaluationSplit;
        (string Name, Split? Split)[] splits = [("train", Data.Train), ("validation", Data.Validation), ("test", Data.Test)];
        if (splits.FirstOrDefault(split => split.Name == name).Split is { } found) return found;
        IEnumerable<string> names = splits.Where(split => split.Split is not null).Select(split => split.Name);
        throw new BadInputException("--split", null, name, $"one of {string.Join(", ", names)}");
    }

    private static RunResult? ReadResult(RunFolder folder)
    {
        if (!folder.IsFinished) return null;
        try
        {
            return RunResult.Read(folder.ResultPath);
        }
        catch (JsonException fault)
        {
            throw new BadInputException(folder.ResultPath, null, null, "not a valid run result", fault);
        }
    }
}
