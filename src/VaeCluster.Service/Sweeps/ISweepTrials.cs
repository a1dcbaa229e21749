using VaeCluster.Sweeps.Running;

namespace VaeCluster.Service.Sweeps;

/// <summary>Trains the trials of one sweep.</summary>
public interface ISweepTrials : ITrialRunner
{
    /// <summary>From now on a trial that is cancelled leaves its run to whoever takes the sweep over.</summary>
    void LeaveRuns();

    /// <summary>Stops the runs of the sweep that are in progress, whoever began them, each after its step and with a checkpoint.</summary>
    Task StopRunsAsync();
}
