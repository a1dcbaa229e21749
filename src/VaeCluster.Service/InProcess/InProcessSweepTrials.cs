using VaeCluster.Core.Specs;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.InProcess;

/// <summary>Trains the trials of a sweep on threads of this process, each in a folder below the sweep's. The trials are not runs of the
/// service.</summary>
/// <param name="trials">Trains trials for all sweeps of this process.</param>
/// <param name="catalog">The sweeps' folders.</param>
internal sealed class InProcessSweepTrials(InProcessTrials trials, SweepCatalog catalog) : ISweepTrials
{
    public void Check(RunSpec run, IReadOnlyList<ScoreKind> scores) => trials.Check(run, scores);

    public Task<TrialEnd> RunAsync(TrialWork work, ITrialWatch watch, CancellationToken cancellation) =>
        trials.RunAsync(work, watch, cancellation);

    // If a cluster began the sweep, some trials may be runs.
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Compare(IReadOnlyList<string> folders, IReadOnlyList<ScoreKind> scores,
        CancellationToken cancellation) =>
        trials.Compare([.. folders.Select(catalog.PathOfTrial)], scores, cancellation);

    public void LeaveRuns()
    {
        // Nothing to leave: the trials end with this process.
    }

    public Task StopRunsAsync() => Task.CompletedTask;
}
