using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;

namespace VaeCluster.Sweeps.Running;

/// <summary>Trains and judges trials: in this process, or as runs of a cluster.</summary>
public interface ITrialRunner
{
    /// <summary>Checks a trial beforehand: its data, its model, and whether its scores can be measured. Nothing is written.</summary>
    /// <param name="run">The trial's run.</param>
    /// <param name="scores">The scores that a finished trial is given.</param>
    /// <exception cref="BadInputException">The run cannot be trained, or a score not be measured.</exception>
    void Check(RunSpec run, IReadOnlyList<ScoreKind> scores);

    /// <summary>Trains a trial from where its folder says that it stands to its end, and judges it.</summary>
    /// <param name="work">The trial.</param>
    /// <param name="watch">Told how it goes, and asked whether it goes on.</param>
    /// <param name="cancellation">Stops it after the step in progress, with a checkpoint.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; what is done is saved.</exception>
    /// <exception cref="FinalFailureException">It failed and would fail again.</exception>
    Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation);

    /// <summary>Measures scores that compare finished trials of one setting with each other.</summary>
    /// <param name="folders">Their run folders as the driver or the runner named them, at least two.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="cancellation">Ends the work early.</param>
    /// <returns>The scores of each trial by name, in the order of <paramref name="folders"/>.</returns>
    IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(IReadOnlyList<string> folders, IReadOnlyList<ScoreKind> scores, CancellationToken cancellation);
}
