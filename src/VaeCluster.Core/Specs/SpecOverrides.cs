using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>Applies the values of <c>--set</c> to a file.</summary>
public static class SpecOverrides
{
    /// <summary>The most parts of a dotted field; the deepest field of a file has a few.</summary>
    public const int MostParts = 16;

    /// <summary>The most overrides of one file.</summary>
    public const int Most = 1000;

    /// <summary>Applies overrides in order; a later one wins.</summary>
    /// <param name="file">The file; not modified.</param>
    /// <param name="overrides">Texts such as <c>objective.beta=4</c>.</param>
    /// <param name="baseDirectory">The folder that their paths are relative to.</param>
    /// <exception cref="BadInputException">An override does not have this form.</exception>
    public static SpecMap Apply(SpecMap file, IReadOnlyList<string> overrides, string baseDirectory)
    {
        DemandFew(overrides);
        foreach (string text in overrides)
        {
            (string field, SpecNode value) = Parse(text, file.Origin.File, baseDirectory);
            file = Set(file, field.Split('.'), value);
        }

        return file;
    }

    /// <summary>Refuses a list of overrides that is too long to be meant.</summary>
    /// <param name="overrides">The overrides.</param>
    /// <exception cref="BadInputException">There are more than <see cref="Most"/>.</exception>
    public static void DemandFew(IReadOnlyCollection<string> overrides)
    {
        if (overrides.Count > Most)
            throw new BadInputException("--set", null, FormattableString.Invariant($"{overrides.Count} values"), $"at most {Most} overrides");
    }

    /// <summary>Reads one override.</summary>
    /// <param name="text">A text such as <c>objective.beta=4</c>.</param>
    /// <param name="file">The file that it overrides.</param>
    /// <param name="baseDirectory">The folder that its paths are relative to.</param>
    /// <returns>The dotted field and its value.</returns>
    /// <exception cref="BadInputException">The override does not have this form.</exception>
    public static (string Field, SpecNode Value) Parse(string text, string file, string baseDirectory)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string field = equals < 0 ? text : text[..equals].Trim();
        if (field.AsSpan().Count('.') >= MostParts)
            throw new BadInputException("--set", null, text, $"a field has at most {MostParts} parts between its dots");
        if (equals < 0 || field.Split('.').Any(string.IsNullOrWhiteSpace))
            throw new BadInputException("--set", null, text, "expected field=value, for example objective.beta=4");
        return (field, SpecSyntax.ParseValue(text[(equals + 1)..], new SpecOrigin(file, null, baseDirectory, field)));
    }

    /// <summary>A copy of a map with one value added or replaced.</summary>
    /// <param name="map">The map; not modified.</param>
    /// <param name="path">The keys that lead to the value, at most <see cref="MostParts"/>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="BadInputException">There are more keys.</exception>
    public static SpecMap Set(SpecMap map, ReadOnlySpan<string> path, SpecNode value)
    {
        if (path.Length > MostParts)
            throw value.Origin.Fault(string.Join('.', path.ToArray()), null, $"a field has at most {MostParts} parts between its dots");
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

                // "schedule: linear" is short for "schedule: { kind: linear }", to which fields can be added.
                SpecScalar name =>
                    new SpecMap(name.Origin, new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal) { ["kind"] = name }),
                _ => new SpecMap(value.Origin, new OrderedDictionary<string, SpecNode>(StringComparer.Ordinal)),
            };
            entries[key] = Set(below, path[1..], value);
        }

        return map with { Entries = entries };
    }
}
