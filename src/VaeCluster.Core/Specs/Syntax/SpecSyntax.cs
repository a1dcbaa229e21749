using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VaeCluster.Core.Specs.Syntax;

/// <summary>
/// Reads YAML into nodes that know their line numbers. Supports only what a run file needs: one document of maps, lists and scalars, with
/// anchors, aliases and merge keys within limits, so that a small file cannot expand to a large one. Tags are refused.
/// </summary>
public static class SpecSyntax
{
    /// <summary>The largest accepted file, in bytes.</summary>
    public const int LargestFile = 1 << 20;

    internal const int MostValues = 20_000;

    private const int DeepestNesting = 16;
    private const string MergeKey = "<<";

    /// <summary>Reads a file's text; a file that is too large is refused before it is read.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, unreadable or larger than <see cref="LargestFile"/>.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            RegularFile.Demand(path);
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
            SpecNode node = new NodeReader(parser, origin, hasLines).Read();
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out _))
                throw At(origin, parser.Current!, hasLines).Fault(null, null, "has a second YAML document; only one is allowed");
            return node;
        }
        catch (YamlException fault)
        {
            int line = (int)fault.Start.Line;
            string reason = Reason(fault);
            if (TabLine(text, line, reason.Contains(" tab ", StringComparison.Ordinal) ? int.MaxValue : (int)fault.End.Line) is { } tab)
                (line, reason) = (tab, "the line is indented with a tab; YAML takes only spaces there");
            SpecOrigin place = hasLines ? origin with { Line = line } : origin;
            throw new BadInputException(place.Fault(null, null, string.Empty).File, null, null, $"is not valid YAML: {reason}", fault);
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

    // The parser names the line where the value began that a tab does not fit, or the first line of all.
    private static int? TabLine(string text, int first, int last)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (++number < first) continue;
            if (number > last) return null;
            ReadOnlySpan<char> content = line.TrimStart(" \t");
            if (!content.IsEmpty && content[0] != '#' && line[..^content.Length].Contains('\t')) return number;
        }

        return null;
    }

    private static SpecOrigin At(SpecOrigin origin, ParsingEvent place, bool hasLines) =>
        hasLines ? origin with { Line = (int)place.Start.Line } : origin;

    // The library's message begins with a position, which the error already names.
    private static string Reason(YamlException fault)
    {
        int end = fault.Message.LastIndexOf("): ", StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[(end + 3)..];
    }

    private sealed class NodeReader(IParser parser, SpecOrigin origin, bool hasLines)
    {
        private readonly Dictionary<string, (SpecNode Node, int Values, int Height)> _anchors = new(StringComparer.Ordinal);
        private int _values;

        internal SpecNode Read() => Read(depth: 0).Node;

        private (SpecNode Node, int Height) Read(int depth)
        {
            ParsingEvent start = parser.Consume<ParsingEvent>();
            SpecOrigin place = At(origin, start, hasLines);
            CheckDepth(place, depth);
            int before = _values++;
            if (start is AnchorAlias alias) return Repeat(alias.Value.Value, place, depth);
            if (start is NodeEvent { Tag.IsEmpty: false }) throw place.Fault(null, null, "YAML tags ('!name') are not supported");

            (SpecNode Node, int Height) read = start switch
            {
                Scalar scalar => (new SpecScalar(place, scalar.Value, scalar.Style == ScalarStyle.Plain), 0),
                SequenceStart => ReadList(place, depth),
                MappingStart => ReadMap(place, depth),
                _ => throw place.Fault(null, null, "expected a value here"),
            };

            // Known only from its end on, so that a value cannot contain itself. As in YAML, a later anchor of the same name replaces it.
            if (start is NodeEvent { Anchor.IsEmpty: false } named)
                _anchors[named.Anchor.Value] = (read.Node, _values - before, read.Height);
            return read;
        }

        private (SpecNode Node, int Height) Repeat(string name, SpecOrigin place, int depth)
        {
            if (!_anchors.TryGetValue(name, out (SpecNode Node, int Values, int Height) known))
                throw place.Fault(null, null, $"the YAML alias '*{name}' has no anchor '&{name}' before it");
            CheckDepth(place, depth + known.Height);
            _values += known.Values;
            if (_values > MostValues) throw place.Fault(null, null, $"its YAML aliases expand to more than {MostValues} values");
            return (known.Node with { Origin = place }, known.Height);
        }

        private (SpecNode Node, int Height) ReadList(SpecOrigin place, int depth)
        {
            var items = new List<SpecNode>();
            int height = 0;
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                (SpecNode item, int below) = Read(depth + 1);
                items.Add(item);
                height = Math.Max(height, below + 1);
            }

            return (new SpecList(place, items), height);
        }

        private (SpecNode Node, int Height) ReadMap(SpecOrigin place, int depth)
        {
            var entries = new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal);
            var merged = new List<SpecMap>();
            int height = 0;
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Read(depth + 1).Node is not SpecScalar key) throw place.Fault(null, null, "a key must be a single word");
                (SpecNode value, int below) = Read(depth + 1);
                height = Math.Max(height, below + 1);
                if (key is { IsPlain: true, Value: MergeKey })
                {
                    merged.AddRange(Merged(key, value));
                    continue;
                }

                // A value on the line below its key is reported at the key, which is what people look for.
                if (!entries.TryAdd(key.Value, value with { Origin = key.Origin })) throw key.Origin.Fault(key.Value, null, "appears twice");
            }

            // What the map says itself wins over what it takes from others, and the first of several others wins.
            foreach ((string name, SpecNode value) in merged.SelectMany(map => map.Entries)) entries.TryAdd(name, value);
            return (new SpecMap(place, entries), height);
        }

        private static IEnumerable<SpecMap> Merged(SpecScalar key, SpecNode value)
        {
            IReadOnlyList<SpecNode> nodes = value is SpecList list ? list.Items : [value];
            foreach (SpecNode node in nodes)
                yield return node as SpecMap ?? throw key.Origin.Fault(MergeKey, node.Text, "an alias of a map, for example '<<: *base'");
        }

        private static void CheckDepth(SpecOrigin place, int depth)
        {
            if (depth > DeepestNesting) throw place.Fault(null, null, $"is nested deeper than {DeepestNesting} levels");
        }
    }
}
