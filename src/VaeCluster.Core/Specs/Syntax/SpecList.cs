namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A YAML list.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Items">Its elements in order.</param>
public sealed record SpecList(SpecOrigin Origin, IReadOnlyList<SpecNode> Items) : SpecNode(Origin)
{
    /// <inheritdoc/>
    public override string Text => $"[{string.Join(", ", Items.Select(item => item.Text))}]";
}
