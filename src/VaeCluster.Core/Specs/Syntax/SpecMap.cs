namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A YAML map with unique keys.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Entries">Its values by key, in the order of the file.</param>
public sealed record SpecMap(SpecOrigin Origin, OrderedDictionary<string, SpecNode> Entries) : SpecNode(Origin)
{
    /// <inheritdoc/>
    public override string Text => $"{{ {string.Join(", ", Entries.Select(entry => $"{entry.Key}: {entry.Value.Text}"))} }}";

    /// <summary>The value of a key, or null if the key is missing or its value is a YAML null.</summary>
    /// <param name="key">The key.</param>
    public SpecNode? Find(string key) =>
        Entries.TryGetValue(key, out SpecNode? value) && value is not SpecScalar { IsNull: true } ? value : null;
}
