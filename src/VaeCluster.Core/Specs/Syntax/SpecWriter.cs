using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VaeCluster.Core.Specs.Syntax;

/// <summary>Writes nodes as YAML that reads back to the same nodes, apart from their positions.</summary>
public static partial class SpecWriter
{
    /// <summary>Writes a map in block style: nested maps indented, everything else on one line each.</summary>
    /// <param name="map">The map.</param>
    public static string Write(SpecMap map)
    {
        var text = new StringBuilder();
        Write(text, map, 0);
        return text.ToString();
    }

    /// <summary>Writes a value on one line.</summary>
    /// <param name="node">The value.</param>
    public static string Inline(SpecNode node) => node switch
    {
        SpecScalar { IsPlain: true } plain =>
            plain.Value.Length == 0 ? "null" : PlainInFlow().IsMatch(plain.Value) ? plain.Value : Quote(plain.Value),
        SpecScalar quoted => $"\"{Escape(quoted.Value)}\"",
        SpecList list => $"[{string.Join(", ", list.Items.Select(Inline))}]",
        SpecMap { Entries.Count: 0 } => "{}",
        SpecMap map => $"{{ {string.Join(", ", map.Entries.Select(entry => $"{Quote(entry.Key)}: {Inline(entry.Value)}"))} }}",
        _ => throw new ArgumentException($"{node.GetType().Name} cannot be written", nameof(node)),
    };

    /// <summary>Quotes a text unless every YAML reader would take it for a plain string.</summary>
    /// <param name="text">The text.</param>
    public static string Quote(string text) =>
        PlainWord().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? text
            : $"\"{Escape(text)}\"";

    private static void Write(StringBuilder text, SpecMap map, int depth)
    {
        foreach ((string key, SpecNode value) in map.Entries)
        {
            text.Append(' ', 2 * depth).Append(Quote(key)).Append(':');
            if (value is SpecMap { Entries.Count: > 0 } inner)
            {
                text.Append('\n');
                Write(text, inner, depth + 1);
            }
            else
            {
                text.Append(' ').Append(Inline(value)).Append('\n');
            }
        }
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            if (c is '"' or '\\') escaped.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff')
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    [GeneratedRegex("^[A-Za-z/][A-Za-z0-9_./-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainWord();

    // Numbers and words; a plain scalar with any other character can only be a string, which quotes leave unchanged.
    [GeneratedRegex("^[A-Za-z0-9_./~+-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainInFlow();
}
