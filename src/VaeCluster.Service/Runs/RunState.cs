namespace VaeCluster.Service.Runs;

/// <summary>The state of a run.</summary>
public enum RunState
{
    /// <summary>Waiting for its turn.</summary>
    Queued,

    /// <summary>Being trained.</summary>
    Running,

    /// <summary>Told to stop, and writing its checkpoint.</summary>
    Stopping,

    /// <summary>Stopped on request or with the server; it can be resumed, to the same weights.</summary>
    Stopped,

    /// <summary>Ended by an error, see <see cref="RunInfo.Error"/>; it can be resumed.</summary>
    Failed,

    /// <summary>Finished, with a result.</summary>
    Finished,

    /// <summary>Told to pause, and writing its checkpoint.</summary>
    Pausing,

    /// <summary>Paused on request; it can be resumed, to the same weights.</summary>
    Paused,
}
