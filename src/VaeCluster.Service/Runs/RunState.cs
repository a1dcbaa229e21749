namespace VaeCluster.Service.Runs;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    /// <summary>Trains.</summary>
    Running,

    /// <summary>Was told to stop and writes its checkpoint.</summary>
    Stopping,

    /// <summary>Stopped by someone, or with the server; it can be resumed, to the same weights.</summary>
    Stopped,

    /// <summary>Ended by a fault, see <see cref="RunInfo.Error"/>; it can be resumed.</summary>
    Failed,

    /// <summary>Done: it has a result.</summary>
    Finished,

    /// <summary>Was told to pause and writes its checkpoint.</summary>
    Pausing,

    /// <summary>Paused by someone; it uses nothing but its folder until it is resumed, to the same weights.</summary>
    Paused,
}
