using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Runs;

/// <summary>A run with weights to look at, finished or not.</summary>
/// <param name="Spec">The resolved run.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">The splits.</param>
/// <param name="Weights">The flat vector, or the average of it that the run keeps to be judged by.</param>
/// <param name="Step">Steps that the weights have seen.</param>
/// <param name="Result">What result.json holds; null before the run has ended.</param>
public sealed record TrainedRun(
    RunSpec Spec, RunFolder Folder, VaeModel Model, DataSplits Data, ReadOnlyMemory<float> Weights, int Step, RunResult? Result)
{
    /// <summary>What the training hands over at its end.</summary>
    /// <param name="run">The run.</param>
    public static TrainedRun From(FinishedRun run) =>
        new(run.Spec, run.Folder, run.Model, run.Data, run.Weights, run.Result.Steps, run.Result);

    /// <summary>Opens a run folder with the weights of its newest whole checkpoint.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="notice">Told of each newer checkpoint that is damaged, in one line.</param>
    /// <param name="datasets">Data that are open in this process; null: none are.</param>
    /// <param name="places">Finds the run's data where they are on this machine; null: where the run file says.</param>
    /// <exception cref="BadInputException">The folder holds no run or no whole checkpoint, or its data cannot be read.</exception>
    public static TrainedRun Open(string folder, Action<string> notice, DatasetCache? datasets = null, Func<RunSpec, RunSpec>? places = null)
    {
        var files = new RunFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "this folder holds no run (no run.yaml)");
        RunSpec spec = RunFile.Load(files.SpecPath, [], RunVocabulary.All);
        spec = places?.Invoke(spec) ?? spec;
        DataSplits data = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, datasets);
        VaeModel model = VaeModel.Create(spec, data.Image);
        IOptimizer optimizer = OptimizerFactory.Create(spec.Training);
        var store = new CheckpointStore(files.CheckpointsPath, model.Layout, optimizer.Moments, optimizer.Average);
        if (store.ReadNewest(damaged => notice($"{damaged.Message}; passed over")) is not { } newest)
            throw new BadInputException(folder, null, null, "this run has no whole checkpoint yet; let it train until its first one");

        return new TrainedRun(spec, files, model, data, newest.Checkpoint.Judged(optimizer), newest.Checkpoint.State.Step, ReadResult(files));
    }

    /// <summary>The split that the model is judged on: test, else validation, else what it was trained on.</summary>
    public Split JudgedSplit => Data.Test ?? Data.Validation ?? Data.Train;

    /// <summary>A split by its name.</summary>
    /// <param name="name"><c>train</c>, <c>validation</c> or <c>test</c>; null: <see cref="JudgedSplit"/>.</param>
    /// <exception cref="BadInputException">The run has no such split.</exception>
    public Split SplitNamed(string? name)
    {
        if (name is null) return JudgedSplit;
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
            throw new BadInputException(folder.ResultPath, null, null, "this is not the result of a run", fault);
        }
    }
}
