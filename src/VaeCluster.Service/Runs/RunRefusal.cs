namespace VaeCluster.Service.Runs;

/// <summary>Why a request about a run is refused.</summary>
public enum RunRefusal
{
    /// <summary>The run, sweep or file is unknown.</summary>
    NotFound,

    /// <summary>The current state does not allow it.</summary>
    Conflict,

    /// <summary>The caller is not allowed to.</summary>
    Forbidden,

    /// <summary>Not possible now, for example because a limit is reached; try again later.</summary>
    Busy,

    /// <summary>The server's disk is full.</summary>
    NoSpace,
}
