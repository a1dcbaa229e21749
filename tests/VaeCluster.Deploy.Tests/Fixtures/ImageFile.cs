using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>A simple parser of Dockerfiles: the instructions, each on one line.</summary>
internal sealed partial class ImageFile
{
    private readonly (string Instruction, string Words)[] _lines;

    /// <summary>Reads one.</summary>
    /// <param name="name">Its name in deploy/.</param>
    internal ImageFile(string name)
    {
        string text = File.ReadAllText(Repository.At("deploy", name)).ReplaceLineEndings("\n")
            .Replace("\\\n", " ", StringComparison.Ordinal);
        _lines =
        [
            .. text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Split(' ', 2))
                .Select(words => (words[0], words[1].Trim())),
        ];
    }

    /// <summary>The publish commands, without syntax that only an image builder understands, and with default build arguments.</summary>
    internal IReadOnlyList<string> PublishCommands =>
    [
        .. Of("RUN").Select(line => Mount().Replace(line, string.Empty).Trim())
            .Where(line => line.StartsWith("dotnet publish ", StringComparison.Ordinal))
            .Select(line => Of("ARG").Select(argument => argument.Split('=', 2))
                .Aggregate(line, (text, argument) => text.Replace($"${{{argument[0]}}}", argument[1], StringComparison.Ordinal))),
    ];

    /// <summary>What a container runs.</summary>
    internal IReadOnlyList<string> Entrypoint =>
        [.. JsonNode.Parse(Assert.Single(Of("ENTRYPOINT")))!.AsArray().Select(word => word!.ToString())];

    /// <summary>The variables that the image itself sets.</summary>
    internal IReadOnlyDictionary<string, string> Environment =>
        LastStage("ENV").SelectMany(line => line.Split(' ')).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The user of the last stage.</summary>
    internal string User => Assert.Single(LastStage("USER"));

    /// <summary>The base images.</summary>
    internal IReadOnlyList<string> Bases => [.. Of("FROM")];

    /// <summary>The arguments of all instructions of a kind.</summary>
    /// <param name="instruction">The kind.</param>
    internal IEnumerable<string> Of(string instruction) => _lines.Where(line => line.Instruction == instruction).Select(line => line.Words);

    private IEnumerable<string> LastStage(string instruction) =>
        _lines[Array.FindLastIndex(_lines, line => line.Instruction == "FROM")..].Where(line => line.Instruction == instruction)
            .Select(line => line.Words);

    [GeneratedRegex(@"--mount=\S+")]
    private static partial Regex Mount();
}
