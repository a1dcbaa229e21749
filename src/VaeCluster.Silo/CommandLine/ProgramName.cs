namespace VaeCluster.Silo.CommandLine;

/// <summary>How this program was called, for hints that can be pasted: the launcher of a clone is not on the path.</summary>
internal static class ProgramName
{
    /// <summary>What the launcher was started as, else <c>vaecluster-silo</c>.</summary>
    internal static string Value => Environment.GetEnvironmentVariable("VAECLUSTER_COMMAND") is { Length: > 0 } name ? name : "vaecluster-silo";
}
