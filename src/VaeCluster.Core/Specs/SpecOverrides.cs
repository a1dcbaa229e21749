using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>Writes the values of <c>--set</c> over those of a file.</summary>
internal static class SpecOverrides
{
    /// <summary>Applies overrides in order; a later one wins.</summary>
    /// <param name="file">The file; left as it is.</param>
    /// <param name="overrides">Texts such as <c>objective.beta=4</c>.</param>
    /// <param name="baseDirectory">The folder that their paths are relative to.</param>
    /// <exception cref="BadInputException">An override is not of this form.</exception>
    internal static SpecMap Apply(SpecMap file, IReadOnlyList<string> overrides, string baseDirectory)
    {
        foreach (string text in overrides)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string field = equals < 0 ? text : text[..equals].Trim();
            string[] path = field.Split('.');
            if (equals < 0 || path.Any(string.IsNullOrWhiteSpace))
                throw new BadInputException("--set", null, text, "a field, an equals sign and a value, for example objective.beta=4");

            var origin = new SpecOrigin(file.Origin.File, null, baseDirectory, field);
            file = Set(file, path, SpecSyntax.ParseValue(text[(equals + 1)..], origin), origin);
        }

        return file;
    }

    private static SpecMap Set(SpecMap map, ReadOnlySpan<string> path, SpecNode value, SpecOrigin origin)
    {
        var entries = new OrderedDictionary<string, SpecNode>(map.Entries, StringComparer.Ordinal);
        string key = path[0];
        if (path.Length == 1)
        {
            entries[key] = value;
        }
        else
        {
            SpecMap below = map.Find(key) switch
            {
                SpecMap inner => inner,

                // "schedule: linear" says the same as "schedule: { kind: linear }", to which fields can be added.
                SpecScalar name => new SpecMap(name.Origin, new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal) { ["kind"] = name }),
                _ => new SpecMap(origin, new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal)),
            };
            entries[key] = Set(below, path[1..], value, origin);
        }

        return map with { Entries = entries };
    }
}
