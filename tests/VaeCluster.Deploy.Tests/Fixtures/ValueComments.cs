using System.Text.RegularExpressions;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>Reads the documentation of values: lines "# -- …" above them, continued by lines "# …".</summary>
internal static partial class ValueComments
{
    /// <summary>A value with its documentation.</summary>
    /// <param name="Path">Its path, with dots.</param>
    /// <param name="Default">The default as written; empty if it spans several lines.</param>
    /// <param name="Text">What it means.</param>
    internal sealed record Value(string Path, string Default, string Text);

    /// <summary>Reads them.</summary>
    /// <param name="yaml">The text of values.yaml.</param>
    internal static IReadOnlyList<Value> Read(string yaml)
    {
        var values = new List<Value>();
        var parents = new List<(int Indent, string Name)>();
        string? comment = null;
        foreach (string line in yaml.ReplaceLineEndings("\n").Split('\n'))
        {
            string text = line.TrimStart();
            if (text.StartsWith("# -- ", StringComparison.Ordinal)) comment = text["# -- ".Length..];
            else if (text.StartsWith("# ", StringComparison.Ordinal) && comment is not null) comment += " " + text[2..];
            else if (Entry().Match(line) is { Success: true } entry)
            {
                int indent = entry.Groups[1].Length;
                parents.RemoveAll(parent => parent.Indent >= indent);
                string path = string.Join('.', parents.Select(parent => parent.Name).Append(entry.Groups[2].Value));
                if (comment is not null) values.Add(new Value(path, entry.Groups[3].Value.Trim(), comment));
                parents.Add((indent, entry.Groups[2].Value));
                comment = null;
            }
        }

        return values;
    }

    [GeneratedRegex(@"^( *)([A-Za-z_]\w*):(.*)$")]
    private static partial Regex Entry();
}
