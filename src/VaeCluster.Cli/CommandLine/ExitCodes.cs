namespace VaeCluster.Cli.CommandLine;

/// <summary>What the process returns; the same for every verb.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>Failed: the run file was fine, the work was not.</summary>
    internal const int Failed = 1;

    /// <summary>Bad input: one line says what; nothing was written.</summary>
    internal const int BadInput = 2;

    /// <summary>Stopped by the user, with a checkpoint written where a run was under way.</summary>
    internal const int Stopped = 130;
}
