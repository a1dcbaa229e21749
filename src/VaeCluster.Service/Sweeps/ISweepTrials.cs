using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.Sweeps;

/// <summary>Trains the trials of one sweep.</summary>
public interface ISweepTrials : ITrialRunner
{
    /// <summary>From now on, cancelling a trial leaves its run in progress, for the driver that takes the sweep over.</summary>
    void LeaveRuns();

    /// <summary>
    /// Stops all runs of the sweep that are in progress, also those of an earlier driver, each after its step and with a checkpoint.
    /// </summary>
    Task StopRunsAsync();
}
