using System.CommandLine;

namespace VaeCluster.CommandLine;

/// <summary>The words that can follow in a command line.</summary>
internal static class Suggestions
{
    /// <summary>The words that the last word of a line can become; names of folders end with a slash.</summary>
    /// <param name="root">The program.</param>
    /// <param name="defaultVerb">The verb that may be left out; null: none.</param>
    /// <param name="typed">The line up to the cursor. It begins with the program's name in any form, also <c>./vaecluster silo</c>.</param>
    internal static IEnumerable<string> Find(RootCommand root, string? defaultVerb, string typed)
    {
        if (AfterWord(typed.TrimStart()) is not { } rest) return [];
        const string Launched = "silo";
        if (rest.StartsWith(Launched + " ", StringComparison.Ordinal) && root.Subcommands.All(verb => verb.Name != Launched))
            rest = AfterWord(rest)!;
        if (defaultVerb is not null && rest.StartsWith('-')) rest = $"{defaultVerb} {rest}";

        // The library skips the first word only where it is the program's own name, not where it is the path of a launcher.
        string line = $"{root.Name} {rest}", word = rest[(rest.LastIndexOf(' ') + 1)..];
        string[] fitting =
        [
            .. root.Parse(line).GetCompletions(line.Length).Select(item => item.Label)
                .Where(label => label.StartsWith(word, StringComparison.Ordinal)).Distinct(),
        ];

        // Options are offered where somebody asks for them, or where nothing else can follow.
        string[] others = [.. fitting.Where(label => !IsOption(label))];
        return word.StartsWith('-') || others.Length == 0 ? fitting.Where(label => !IsShort(label)) : others;
    }

    // Null: the first word is not complete.
    private static string? AfterWord(string line)
    {
        int end = line.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? null : line[end..].TrimStart();
    }

    private static bool IsOption(string label) => label.StartsWith('-') || IsShort(label);

    // -h, -? and /? need no completion.
    private static bool IsShort(string label) =>
        label is "/?" or "/h" || (label.StartsWith('-') && !label.StartsWith("--", StringComparison.Ordinal));
}
