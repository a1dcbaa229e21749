namespace VaeCluster.Sweeps.Trials;

/// <summary>Where a trial stands.</summary>
public enum TrialStatus
{
    /// <summary>Waits for its turn, or to go on from its checkpoint.</summary>
    Waiting,

    /// <summary>Trains, or is being judged.</summary>
    Running,

    /// <summary>Trained to its last step and judged.</summary>
    Finished,

    /// <summary>Stopped by the sweep's rule, as one without prospects.</summary>
    StoppedEarly,

    /// <summary>Failed more often than the sweep allows.</summary>
    Failed,
}
