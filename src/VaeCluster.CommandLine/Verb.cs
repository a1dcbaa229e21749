using System.CommandLine;

namespace VaeCluster.CommandLine;

#pragma warning disable CA1010 // the library's Command enumerates its symbols so that they can be listed in braces
/// <summary>A verb of a command line, with examples for its help.</summary>
/// <param name="name">The verb.</param>
/// <param name="description">One line of help.</param>
public sealed class Verb(string name, string description) : Command(name, description)
#pragma warning restore CA1010
{
    /// <summary>Shell lines that end the help, without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Values that an option takes, each with its meaning, for the help; the heading names the option.</summary>
    public (string Heading, IReadOnlyList<(string Name, string Meaning)> Entries)? Vocabulary { get; init; }

    /// <summary>Text that follows the options in the help, printed as it is; null: none.</summary>
    public string? Notes { get; init; }
}
