namespace VaeCluster.Sweeps.Trials;

/// <summary>The status of a trial.</summary>
public enum TrialStatus
{
    /// <summary>Not running: not started, or to be resumed from its checkpoint.</summary>
    Waiting,

    /// <summary>Training or being scored.</summary>
    Running,

    /// <summary>Trained to its last step and scored.</summary>
    Finished,

    /// <summary>Stopped by the stopping rule as unpromising.</summary>
    StoppedEarly,

    /// <summary>Failed permanently or more often than the sweep allows.</summary>
    Failed,
}
