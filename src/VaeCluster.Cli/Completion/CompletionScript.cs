using System.Reflection;
using VaeCluster.Core;
using VaeCluster.Core.Specs;

namespace VaeCluster.Cli.Completion;

/// <summary>The scripts by which shells complete the command line. They ask the program, so they fit every version of it.</summary>
internal static class CompletionScript
{
    /// <summary>The shells.</summary>
    internal static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for a shell.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    /// <param name="command">How the program is started: a name or a path, of which the last part is completed.</param>
    /// <exception cref="BadInputException">There is no script for this shell, or the command cannot be completed by its name.</exception>
    internal static string For(string shell, string command)
    {
        if (!Shells.Contains(shell))
            throw new BadInputException("SHELL", null, shell, $"one of {string.Join(", ", Shells)}{NearestName.Hint(shell, Shells)}");
        string name = command.Split(' ')[0].Split('/', '\\')[^1];
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            throw new BadInputException("completion", null, name, "the command needs a name of letters, digits, '-', '_' and '.'");
        string function = new([.. name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
        return Template(shell).ReplaceLineEndings("\n").Replace("@FUNCTION@", function, StringComparison.Ordinal)
            .Replace("@NAME@", name, StringComparison.Ordinal);
    }

    private static string Template(string shell)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion.{shell}")
            ?? throw new InvalidOperationException($"the script for {shell} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
