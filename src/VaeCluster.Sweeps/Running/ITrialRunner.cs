using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Sweeps.Running;

/// <summary>Trains and scores trials, in this process or as runs of a cluster.</summary>
public interface ITrialRunner
{
    /// <summary>Checks before the sweep that a trial's data and model are valid and its scores can be computed. Writes nothing.</summary>
    /// <param name="run">The trial's run.</param>
    /// <param name="scores">The scores to compute for a finished trial.</param>
    /// <exception cref="BadInputException">The run cannot be trained, or a score cannot be computed.</exception>
    void Check(RunSpec run, IReadOnlyList<ScoreKind> scores);

    /// <summary>Trains a trial to its end, resuming from its folder if it exists, and scores it.</summary>
    /// <param name="work">The trial.</param>
    /// <param name="watch">Receives progress and decides about early stopping.</param>
    /// <param name="cancellation">Stops the trial after the current step and saves a checkpoint.</param>
    /// <exception cref="OperationCanceledException">The trial was cancelled; its progress is saved.</exception>
    /// <exception cref="FinalFailureException">The trial failed and retrying would fail again.</exception>
    Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation);

    /// <summary>Computes scores that compare the finished trials of one setting.</summary>
    /// <param name="folders">At least two run folders, as named by the driver or the runner.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="cancellation">Cancels the computation.</param>
    /// <returns>The scores of each trial by name, in the order of <paramref name="folders"/>.</returns>
    IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(
        IReadOnlyList<string> folders, IReadOnlyList<ScoreKind> scores, CancellationToken cancellation);
}
