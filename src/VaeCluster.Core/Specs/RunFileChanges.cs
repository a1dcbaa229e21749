using VaeCluster.Core.Specs.Syntax;

namespace VaeCluster.Core.Specs;

/// <summary>Compares two resolved run files field by field.</summary>
public static class RunFileChanges
{
    /// <summary>The fields that differ, in the order of the second file; then those that only the first has.</summary>
    /// <param name="before">A resolved run file, as <see cref="RunFile.Write"/> writes it.</param>
    /// <param name="after">Another.</param>
    public static IReadOnlyList<FieldChange> Between(string before, string after)
    {
        OrderedDictionary<string, string> old = Flatten(before), now = Flatten(after);
        return
        [
            .. now.Where(field => old.GetValueOrDefault(field.Key) != field.Value)
                .Select(field => new FieldChange(field.Key, old.GetValueOrDefault(field.Key), field.Value)),
            .. old.Where(field => !now.ContainsKey(field.Key)).Select(field => new FieldChange(field.Key, field.Value, null)),
        ];
    }

    private static OrderedDictionary<string, string> Flatten(string text)
    {
        var fields = new OrderedDictionary<string, string>();
        Add(SpecSyntax.ParseFile(text, "run.yaml", Path.GetTempPath()), string.Empty);
        return fields;

        void Add(SpecMap map, string prefix)
        {
            foreach ((string key, SpecNode value) in map.Entries)
            {
                if (value is SpecMap { Entries.Count: > 0 } inner) Add(inner, $"{prefix}{key}.");
                else fields[prefix + key] = SpecWriter.Inline(value);
            }
        }
    }
}
