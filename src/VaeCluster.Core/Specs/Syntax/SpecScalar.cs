namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A YAML scalar.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Value">Its text without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes: only then can it be a number, a boolean or null.</param>
public sealed record SpecScalar(SpecOrigin Origin, string Value, bool IsPlain) : SpecNode(Origin)
{
    /// <summary>Whether it is a YAML null.</summary>
    public bool IsNull => IsPlain && Value is ("" or "~" or "null");

    /// <inheritdoc/>
    public override string Text => IsPlain ? Value : $"\"{Value}\"";
}
