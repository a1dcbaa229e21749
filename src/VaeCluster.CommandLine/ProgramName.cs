using System.Reflection;

namespace VaeCluster.CommandLine;

/// <summary>The command that started this program, so that the commands in hints and examples can be pasted.</summary>
public static class ProgramName
{
    private const string Standard = "vaecluster";

    /// <summary>The command as it was typed, such as <c>./vaecluster</c>; without a launcher the name of the program.</summary>
    public static string Value =>
        Environment.GetEnvironmentVariable("VAECLUSTER_COMMAND") is { Length: > 0 } command ? command
        : Assembly.GetEntryAssembly()?.GetName().Name is { } program && program.StartsWith(Standard, StringComparison.Ordinal) ? program
        : Standard;
}
