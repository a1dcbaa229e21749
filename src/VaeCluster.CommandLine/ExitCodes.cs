namespace VaeCluster.CommandLine;

/// <summary>Exit codes of every verb of both programs.</summary>
public static class ExitCodes
{
    /// <summary>The verb succeeded.</summary>
    public const int Done = 0;

    /// <summary>The input was valid, but the work failed; a supervisor may start it again.</summary>
    public const int Failed = 1;

    /// <summary>The input is invalid: one line says why, and nothing was written. For a silo also a database, port or file it cannot
    /// use.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by the user; a run in progress has written a checkpoint.</summary>
    public const int Stopped = 130;
}
