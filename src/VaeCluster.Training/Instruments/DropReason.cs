namespace VaeCluster.Training.Instruments;

/// <summary>Why a gradient does not count.</summary>
public enum DropReason
{
    /// <summary>It belongs to another step.</summary>
    Stale,

    /// <summary>It belongs to a generation that has been replaced.</summary>
    Fenced,

    /// <summary>Whoever sent it is no worker of the run.</summary>
    Stranger,

    /// <summary>It is there already, by itself or inside another.</summary>
    Duplicate,

    /// <summary>Loss or gradient of its step is not finite, and the run's policy skips such steps.</summary>
    NonFinite,
}
