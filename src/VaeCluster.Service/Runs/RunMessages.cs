using System.Text.RegularExpressions;
using VaeCluster.Core;

namespace VaeCluster.Service.Runs;

/// <summary>Shortens the messages of exceptions to what a run or sweep shows: one line without the program's own call stacks.</summary>
internal static partial class RunMessages
{
    private const int Longest = 500;

    /// <summary>A message in one line.</summary>
    /// <param name="message">A message, which may have lines and hold call stacks, as those of the cluster's platform do.</param>
    internal static string OneLine(string message)
    {
        string line = Blanks().Replace(StackFrames().Replace(message, " "), " ").Trim();
        return VisibleText.Of(line.Length <= Longest ? line : $"{line[..Longest]}…");
    }

    [GeneratedRegex(@"(?<=^|\s)at [^\s(]+\.[^\s(]+\([^)]*\)( in \S+:line \d+)?|--- End of [^-]* ---", RegexOptions.None, 1000)]
    private static partial Regex StackFrames();

    [GeneratedRegex(@"[\s\p{Cc}]+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
