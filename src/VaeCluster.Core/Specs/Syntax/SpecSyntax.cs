using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VaeCluster.Core.Specs.Syntax;

/// <summary>
/// Reads YAML into nodes that know their line numbers. Supports only what a run file needs: one document of maps, lists and scalars.
/// Anchors, aliases and tags are refused, so that a small file cannot expand to a large one.
/// </summary>
public static class SpecSyntax
{
    /// <summary>The largest accepted file, in bytes.</summary>
    public const int LargestFile = 1 << 20;

    private const int DeepestNesting = 16;

    /// <summary>Reads a file's text; a file that is too large is refused before it is read.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, unreadable or larger than <see cref="LargestFile"/>.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder, not a file");
            if (!file.Exists) throw new BadInputException(path, null, null, "does not exist");
            if (file.Length > LargestFile)
                throw new BadInputException(path, "size", $"{file.Length} bytes", $"at most {LargestFile} bytes");
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException(path, null, null, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Parses a whole file, which must be one map.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">The file name for error messages.</param>
    /// <param name="baseDirectory">The folder that its paths are relative to.</param>
    /// <exception cref="BadInputException">The text is not valid YAML, or it uses an unsupported part of YAML.</exception>
    public static SpecMap ParseFile(string text, string fileName, string baseDirectory)
    {
        var origin = new SpecOrigin(fileName, null, baseDirectory);
        if (text.Length > LargestFile) throw origin.Fault("size", $"{text.Length} characters", $"at most {LargestFile}");
        return Parse(text, origin, hasLines: true) switch
        {
            SpecMap map => map,
            SpecScalar { IsNull: true } =>
                throw origin.Fault(null, null, "is empty: a run file needs at least the sections data and model"),
            SpecNode other =>
                throw other.Origin.Fault(null, other.Text, "expected a map of sections, for example 'data: { dataset: mnist }'"),
        };
    }

    /// <summary>Parses the value of one <c>--set</c>.</summary>
    /// <param name="text">The YAML after the equals sign.</param>
    /// <param name="origin">Identifies the override in error messages.</param>
    /// <exception cref="BadInputException">The text is not valid YAML.</exception>
    public static SpecNode ParseValue(string text, SpecOrigin origin) => Parse(text, origin, hasLines: false);

    private static SpecNode Parse(string text, SpecOrigin origin, bool hasLines)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return new SpecScalar(origin, string.Empty, IsPlain: true);

            parser.Consume<DocumentStart>();
            SpecNode node = ReadNode(parser, origin, hasLines, depth: 0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out _))
                throw At(origin, parser.Current!, hasLines).Fault(null, null, "has a second YAML document; only one is allowed");
            return node;
        }
        catch (YamlException fault)
        {
            SpecOrigin place = hasLines ? origin with { Line = (int)fault.Start.Line } : origin;
            throw new BadInputException(
                place.Fault(null, null, string.Empty).File, null, null, $"is not valid YAML: {Reason(fault)}", fault);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // YamlDotNet throws these on some malformed input, such as an unclosed bracket.
            SpecOrigin place = hasLines && parser.Current is { } last ? At(origin, last, hasLines) : origin;
            throw new BadInputException(
                place.Fault(null, null, string.Empty).File, null, null,
                "is not valid YAML from here on (an unclosed bracket, brace or quote?)", fault);
        }
    }

    private static SpecNode ReadNode(IParser parser, SpecOrigin origin, bool hasLines, int depth)
    {
        ParsingEvent start = parser.Consume<ParsingEvent>();
        SpecOrigin place = At(origin, start, hasLines);
        if (depth > DeepestNesting) throw place.Fault(null, null, $"is nested deeper than {DeepestNesting} levels");
        if (start is AnchorAlias) throw place.Fault(null, null, "YAML aliases ('*name') are not supported: write the value out");
        if (start is NodeEvent { Anchor.IsEmpty: false })
            throw place.Fault(null, null, "YAML anchors ('&name') are not supported: write the value out");
        if (start is NodeEvent { Tag.IsEmpty: false }) throw place.Fault(null, null, "YAML tags ('!name') are not supported");

        switch (start)
        {
            case Scalar scalar:
                return new SpecScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                var items = new List<SpecNode>();
                while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(parser, origin, hasLines, depth + 1));
                return new SpecList(place, items);
            case MappingStart:
                return ReadMap(parser, place, origin, hasLines, depth);
            default:
                throw place.Fault(null, null, "expected a value here");
        }
    }

    private static SpecMap ReadMap(IParser parser, SpecOrigin place, SpecOrigin origin, bool hasLines, int depth)
    {
        var entries = new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, origin, hasLines, depth + 1) is not SpecScalar key)
                throw place.Fault(null, null, "a key must be a single word");
            SpecNode value = ReadNode(parser, origin, hasLines, depth + 1);

            // A value on the line below its key is reported at the key, which is what people look for.
            if (!entries.TryAdd(key.Value, value with { Origin = key.Origin })) throw key.Origin.Fault(key.Value, null, "appears twice");
        }

        return new SpecMap(place, entries);
    }

    private static SpecOrigin At(SpecOrigin origin, ParsingEvent place, bool hasLines) =>
        hasLines ? origin with { Line = (int)place.Start.Line } : origin;

    // The library's message begins with a position, which the error already names.
    private static string Reason(YamlException fault)
    {
        int end = fault.Message.LastIndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[(end + 3)..];
    }
}
