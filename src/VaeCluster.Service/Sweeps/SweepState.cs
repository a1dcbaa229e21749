namespace VaeCluster.Service.Sweeps;

/// <summary>The state of a sweep.</summary>
public enum SweepState
{
    /// <summary>Waiting for its turn.</summary>
    Queued,

    /// <summary>Its trials are being trained.</summary>
    Running,

    /// <summary>Pausing or stopping; its trials are writing their checkpoints.</summary>
    Stopping,

    /// <summary>Paused on request, with checkpoints of its trials; it can be resumed, to the same weights.</summary>
    Paused,

    /// <summary>Stopped on request or with the server; it can be resumed, to the same weights.</summary>
    Stopped,

    /// <summary>Ended by an error, or because all trials failed, see <see cref="SweepInfo.Error"/>; it can be resumed.</summary>
    Failed,

    /// <summary>Every trial has ended, at least one of them successfully.</summary>
    Finished,
}
