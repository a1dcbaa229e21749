namespace VaeCluster.Service.Sweeps;

/// <summary>Where a sweep stands.</summary>
public enum SweepState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Its trials train.</summary>
    Running,

    /// <summary>Was told to pause or to stop; its trials write their checkpoints.</summary>
    Stopping,

    /// <summary>Paused by someone: its trials are saved, and it keeps its place until it is resumed.</summary>
    Paused,

    /// <summary>Stopped by someone, or with the server; it can be resumed, to the same weights.</summary>
    Stopped,

    /// <summary>Ended without any trial that came to an end, or by a fault, see <see cref="SweepInfo.Error"/>; it can be resumed.</summary>
    Failed,

    /// <summary>Done: every trial has ended, and at least one of them well.</summary>
    Finished,
}
