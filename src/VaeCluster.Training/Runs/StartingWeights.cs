using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Specs;
using VaeCluster.Models;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Runs;

/// <summary>Names a checkpoint of another run, from whose weights a new run begins.</summary>
/// <param name="Reference">The run's folder; behind an <c>@</c> a step, or <c>best</c>. Without: its newest checkpoint.</param>
/// <param name="OptimizerState">Whether the optimiser's state is taken over too.</param>
public sealed record StartingWeights(string Reference, bool OptimizerState)
{
    private const string Option = "--from";
    private const string BestMark = "best";

    /// <summary>The checkpoint as the first state of a new run, and where it came from.</summary>
    /// <param name="spec">The new run.</param>
    /// <param name="model">Its model.</param>
    /// <param name="optimizer">Its optimiser.</param>
    /// <exception cref="BadInputException">There is no such run or checkpoint, or it belongs to another model or optimiser.</exception>
    internal (Checkpoint Checkpoint, RunSource Source) Read(RunSpec spec, VaeModel model, IOptimizer optimizer)
    {
        (RunFolder folder, string? which) = Find();
        RunSpec old = RunFile.Load(folder.SpecPath, [], RunVocabulary.All);
        if (OptimizerState && old.Training.Optimizer.Name != spec.Training.Optimizer.Name)
            throw new BadInputException(Option, "training.optimizer", spec.Training.Optimizer.Name,
                $"{Reference} was trained with {old.Training.Optimizer.Name}; without --optimizer-state its weights alone are taken");
        if (OptimizerState && old.Training.Average.Name != spec.Training.Average.Name)
            throw new BadInputException(Option, "training.average", spec.Training.Average.Name,
                $"{Reference} was trained with {old.Training.Average.Name}; without --optimizer-state its weights alone are taken");
        IOptimizer trained = OptimizerFactory.Create(old.Training);
        var store = new CheckpointStore(folder.CheckpointsPath, model.Layout, trained.Moments, trained.Average);
        Checkpoint read = Read(store, which);

        IReadOnlyList<float[]> moments = OptimizerState ? read.Moments : TrainingSession.FreshMoments(read.Weights, optimizer);
        var state = new TrainingState { Step = 0, Updates = OptimizerState ? read.State.Updates : 0 };
        return (new Checkpoint(state, read.Weights, moments),
            new RunSource(Path.GetFileName(folder.Path), read.State.Step, TrainingSession.Sha256(read.Weights), OptimizerState));
    }

    private (RunFolder Folder, string? Which) Find()
    {
        var whole = new RunFolder(Reference);
        if (whole.Exists) return (whole, null);
        int mark = Reference.LastIndexOf('@');
        if (mark > 0 && new RunFolder(Reference[..mark]) is { Exists: true } folder) return (folder, Reference[(mark + 1)..]);
        throw new BadInputException(Option, null, Reference, "a run folder, with @STEP or @best behind it to choose a checkpoint");
    }

    private Checkpoint Read(CheckpointStore store, string? which)
    {
        try
        {
            if (which is null)
                return store.ReadNewest((_, _) => { })?.Checkpoint
                    ?? throw new BadInputException(Option, null, Reference, "the run has no whole checkpoint");
            CheckpointInfo? info = which == BestMark
                ? store.Best()
                : int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? store.Find(step) : null;
            if (info is not null) return store.Read(info);
        }
        catch (DamagedCheckpointException fault)
        {
            throw new BadInputException(Option, null, Reference, fault.Message, fault);
        }

        IEnumerable<int> steps = store.List().Select(info => info.Step).Distinct().Order();
        throw new BadInputException(Option, null, Reference, which == BestMark
            ? "none of the run's checkpoints was judged (evaluation.everyEpochs is 0, or no epoch has ended)"
            : $"@{BestMark}, or the step of a checkpoint: {string.Join(", ", steps)}");
    }
}
