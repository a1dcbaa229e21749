namespace VaeCluster.Silo.CommandLine;

/// <summary>What the process returns. One that the cluster has declared dead ends at once, as if killed.</summary>
internal static class ExitCodes
{
    /// <summary>Stopped in good order.</summary>
    internal const int Done = 0;

    /// <summary>Failed: a supervisor should start it again.</summary>
    internal const int Failed = 1;

    /// <summary>Bad input, or a database, port or file that cannot be used: one line says what.</summary>
    internal const int BadInput = 2;
}
