namespace VaeCluster.Service.Runs;

/// <summary>Why a request about a run is refused.</summary>
public enum RunRefusal
{
    /// <summary>There is no such thing.</summary>
    NotFound,

    /// <summary>Not in the state that the run is in.</summary>
    Conflict,

    /// <summary>Not allowed to whoever asks.</summary>
    Forbidden,

    /// <summary>Not now: a limit is reached.</summary>
    Busy,
}
