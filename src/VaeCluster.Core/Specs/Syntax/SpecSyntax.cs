using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VaeCluster.Core.Specs.Syntax;

/// <summary>
/// Reads YAML into nodes that know their lines. Only what a run file needs: one document of maps, lists and scalars, without anchors,
/// aliases and tags, so that a small file cannot grow large.
/// </summary>
public static class SpecSyntax
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int LargestFile = 1 << 20;

    private const int DeepestNesting = 16;

    /// <summary>Reads a file's text; refused by its size before anything of it is read.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, unreadable or larger than <see cref="LargestFile"/>.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path)) throw new BadInputException(path, null, null, "is a folder, not a file");
            if (!file.Exists) throw new BadInputException(path, null, null, "does not exist");
            if (file.Length > LargestFile) throw new BadInputException(path, "size", $"{file.Length} bytes", $"at most {LargestFile} bytes");
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException(path, null, null, $"cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Parses a whole file, which is one map.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="fileName">The file to name in faults.</param>
    /// <param name="baseDirectory">The folder that its paths are relative to.</param>
    /// <exception cref="BadInputException">This is no YAML, or more than the few parts of it that are read.</exception>
    public static SpecMap ParseFile(string text, string fileName, string baseDirectory)
    {
        var origin = new SpecOrigin(fileName, null, baseDirectory);
        if (text.Length > LargestFile) throw origin.Fault("size", $"{text.Length} characters", $"at most {LargestFile}");
        return Parse(text, origin, hasLines: true) switch
        {
            SpecMap map => map,
            SpecScalar { IsNull: true } => throw origin.Fault(null, null, "is empty: a file names at least its data and its model"),
            SpecNode other => throw other.Origin.Fault(null, other.Text, "a file is a map of sections, for example 'data: { dataset: mnist }'"),
        };
    }

    /// <summary>Parses the value of one <c>--set</c>.</summary>
    /// <param name="text">The YAML after the equals sign.</param>
    /// <param name="origin">Names the override.</param>
    /// <exception cref="BadInputException">This is no YAML.</exception>
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
            if (parser.Accept<DocumentStart>(out _)) throw At(origin, parser.Current!, hasLines).Fault(null, null, "has a second document; one is read");
            return node;
        }
        catch (YamlException fault)
        {
            SpecOrigin place = hasLines ? origin with { Line = (int)fault.Start.Line } : origin;
            throw new BadInputException(place.Fault(null, null, string.Empty).File, null, null, $"is not YAML: {Reason(fault)}", fault);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            // The parser's own slips on odd input, such as a bracket that is never closed: faults of the input all the same.
            SpecOrigin place = hasLines && parser.Current is { } last ? At(origin, last, hasLines) : origin;
            throw new BadInputException(
                place.Fault(null, null, string.Empty).File, null, null, "is not YAML: it cannot be read on from here (a bracket, brace or quote left open?)", fault);
        }
    }

    private static SpecNode ReadNode(IParser parser, SpecOrigin origin, bool hasLines, int depth)
    {
        ParsingEvent start = parser.Consume<ParsingEvent>();
        SpecOrigin place = At(origin, start, hasLines);
        if (depth > DeepestNesting) throw place.Fault(null, null, $"is nested deeper than {DeepestNesting} levels");
        if (start is AnchorAlias) throw place.Fault(null, null, "aliases ('*name') are not read: write the value out");
        if (start is NodeEvent { Anchor.IsEmpty: false }) throw place.Fault(null, null, "anchors ('&name') are not read: write the value out");
        if (start is NodeEvent { Tag.IsEmpty: false }) throw place.Fault(null, null, "tags ('!name') are not read");

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
                throw place.Fault(null, null, "a value is expected here");
        }
    }

    private static SpecMap ReadMap(IParser parser, SpecOrigin place, SpecOrigin origin, bool hasLines, int depth)
    {
        var entries = new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(parser, origin, hasLines, depth + 1) is not SpecScalar key) throw place.Fault(null, null, "a key is a single word");
            SpecNode value = ReadNode(parser, origin, hasLines, depth + 1);

            // A value below its key would be reported a line too far down; people look for the key.
            if (!entries.TryAdd(key.Value, value with { Origin = key.Origin })) throw key.Origin.Fault(key.Value, null, "appears twice");
        }

        return new SpecMap(place, entries);
    }

    private static SpecOrigin At(SpecOrigin origin, ParsingEvent place, bool hasLines) => hasLines ? origin with { Line = (int)place.Start.Line } : origin;

    // The library's message begins with places that the fault names itself.
    private static string Reason(YamlException fault)
    {
        int end = fault.Message.LastIndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[(end + 3)..];
    }
}
