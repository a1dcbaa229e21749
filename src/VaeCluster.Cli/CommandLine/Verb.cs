using System.CommandLine;

namespace VaeCluster.Cli.CommandLine;

/// <summary>A verb of the command line, with examples for its help.</summary>
/// <param name="name">The verb.</param>
/// <param name="description">One line of help.</param>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Lines of shell that the help ends with, without the program's name.</summary>
    internal IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Names that an option takes, each with what it means, for the help; the heading names the option.</summary>
    internal (string Heading, IReadOnlyList<(string Name, string Meaning)> Entries)? Vocabulary { get; init; }
}
