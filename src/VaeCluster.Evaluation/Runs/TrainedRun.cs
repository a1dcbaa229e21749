using System.Runtime.InteropServices;
using System.Security.Cryptography;
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
/// <param name="Source">The data, opened when it is needed.</param>
/// <param name="Weights">The flat vector of weights, or their moving average if the run keeps one.</param>
/// <param name="Step">Number of training steps of the weights.</param>
/// <param name="Result">The contents of result.json; null if the run has not finished.</param>
public sealed record TrainedRun(
    RunSpec Spec, RunFolder Folder, VaeModel Model, RunData Source, ReadOnlyMemory<float> Weights, int Step, RunResult? Result)
{
    /// <summary>A run at the end of training.</summary>
    /// <param name="run">The run.</param>
    public static TrainedRun From(FinishedRun run) =>
        new(run.Spec, run.Folder, run.Model, new RunData(run.Data), run.Weights, run.Result.Steps, run.Result);

    /// <summary>
    /// Opens a run folder with the weights of its newest valid checkpoint. Where the folder keeps examples, the data is opened only when
    /// something asks for it, and may be gone.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="notice">Called with one line for each newer checkpoint, or other file, that is damaged; and for each difference from what
    /// the run was made from, those of the data when it is opened.</param>
    /// <param name="datasets">Datasets that are already open; null to open the files anew.</param>
    /// <param name="places">Maps the paths of the run's data to this machine; null to use the paths in the run file.</param>
    /// <exception cref="BadInputException">The folder has no run or no valid checkpoint; or it keeps no examples, and its data cannot be
    /// read.</exception>
    public static TrainedRun Open(
        string folder, Action<string> notice, DatasetCache? datasets = null, Func<RunSpec, RunSpec>? places = null)
    {
        var files = new RunFolder(folder);
        if (!files.Exists) throw new BadInputException(folder, null, null, "not a run folder (it has no run.yaml)");
        RunSpec spec = RunFile.Load(files.SpecPath, [], RunVocabulary.All);
        spec = places?.Invoke(spec) ?? spec;

        // Changes of the run file are told at once, those of the data when it is opened.
        RunOrigin? origin = RunOrigin.Read(files);
        string[] changed = [.. origin?.Differences(spec, data: null) ?? []];
        foreach (string difference in changed) notice(difference);
        RunData data = KeptExamples.Read(files, notice) is { } kept
            ? new RunData(kept, () => OpenFor(kept.Image))
            : new RunData(OpenSplits());
        VaeModel model = VaeModel.Create(spec, data.Kept?.Image ?? data.Splits.Image);
        IOptimizer optimizer = OptimizerFactory.Create(spec.Training);
        var store = new CheckpointStore(files.CheckpointsPath, model.Layout, optimizer.Moments, optimizer.Average);
        if (store.ReadNewest((_, damaged) => notice($"{damaged.Message}; skipped")) is not { } newest)
            throw new BadInputException(folder, null, null, "the run has no valid checkpoint yet; train it until its first checkpoint");

        return new TrainedRun(
            spec, files, model, data, newest.Checkpoint.Judged(optimizer), newest.Checkpoint.State.Step, ReadResult(files));

        DataSplits OpenSplits()
        {
            try
            {
                DataSplits splits = DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed, datasets);
                foreach (string difference in origin?.Differences(spec, splits).Except(changed) ?? []) notice(difference);
                return splits;
            }
            catch (BadInputException fault)
            {
                throw fault.In(files.SpecPath);
            }
        }

        DataSplits OpenFor(ImageShape image)
        {
            DataSplits splits = OpenSplits();
            return splits.Image == image ? splits : throw new BadInputException(
                files.SpecPath, "data.dataset", spec.Data.Dataset.Name,
                $"the data has images of {splits.Image} now; the run was trained on {image}");
        }
    }

    /// <summary>The same model with other images in place of the run's data.</summary>
    /// <param name="path">See <see cref="OtherData"/>; null: the run's own data.</param>
    /// <exception cref="BadInputException">The images cannot be read, or do not fit the model.</exception>
    public TrainedRun WithData(string? path) => path is null
        ? this
        : this with { Source = new RunData(OtherData.Open(path, Spec.Data, Model.Image, Spec.Evaluation.Seed)) };

    /// <summary>The splits.</summary>
    /// <exception cref="BadInputException">The data is missing or damaged.</exception>
    public DataSplits Data => Source.Splits;

    /// <summary>SHA-256 over the flat little-endian float32 vector of <see cref="Weights"/>, in lower-case hexadecimal.</summary>
    public string WeightsSha256 => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Weights.Span)));

    /// <summary>The name of <see cref="EvaluationSplit"/>, which needs no data.</summary>
    public string EvaluationSplitName => Source.Kept?.Split ?? EvaluationSplit.Name;

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

    /// <summary>The examples that figures show: those that the run folder keeps, where they are enough, else of the data.</summary>
    /// <param name="split">See <see cref="SplitNamed"/>.</param>
    /// <param name="count">How many; a smaller split has all it has.</param>
    /// <returns>The images, one after another.</returns>
    /// <exception cref="BadInputException">The data is needed and cannot be read, or it has no such split.</exception>
    public float[] Examples(string? split, int count) => KeptOf(split) is { } kept && kept.Has(count)
        ? kept.First(count)
        : ExamplePicker.Pick(SplitNamed(split), count, Spec.Evaluation.Seed);

    /// <summary>As <see cref="Examples"/>, but where the data cannot be read, those that are kept will do, however few.</summary>
    /// <param name="split">See <see cref="SplitNamed"/>.</param>
    /// <param name="count">How many.</param>
    /// <returns>The images, one after another.</returns>
    /// <exception cref="BadInputException">The data is needed and cannot be read, or it has no such split.</exception>
    public float[] ExamplesAtHand(string? split, int count)
    {
        try
        {
            return Examples(split, count);
        }
        catch (BadInputException) when (KeptOf(split) is not null)
        {
            return KeptOf(split)!.First(count);
        }
    }

    /// <summary>One example of a split.</summary>
    /// <param name="split">See <see cref="SplitNamed"/>.</param>
    /// <param name="position">Its position in the split, from 0.</param>
    /// <exception cref="BadInputException">There is no such example, or it is not kept and the data cannot be read.</exception>
    public float[] Example(string? split, int position)
    {
        if (KeptOf(split)?.At(position) is { } kept) return kept;
        Split examples = SplitNamed(split);
        if (position < 0 || position >= examples.Count)
        {
            throw new BadInputException("--example", null, FormattableString.Invariant($"{position}"),
                FormattableString.Invariant($"an example of the {examples.Name} split, from 0 to {examples.Count - 1}"));
        }

        var image = new float[examples.Image.Pixels];
        examples.Read(position, epoch: 1, image);
        return image;
    }

    // Those of another seed are not the ones that the data would give.
    private KeptExamples? KeptOf(string? split) =>
        Source.Kept is { } kept && kept.Seed == Spec.Evaluation.Seed
            && (split is null || kept.Split == (split == "train" ? "training" : split))
        ? kept
        : null;

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
