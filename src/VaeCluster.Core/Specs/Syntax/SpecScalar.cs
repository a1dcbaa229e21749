namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A YAML scalar.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Value">Its text without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes: only then can it be a number, a boolean or null.</param>
public sealed record SpecScalar(SpecOrigin Origin, string Value, bool IsPlain) : SpecNode(Origin)
{
    /// <summary>Whether it is a YAML null.</summary>
    public bool IsNull => IsPlain && Value is ("" or "~" or "null");

    /// <summary>Whether nothing is written at all: most likely a value that was forgotten, where a YAML null may be meant.</summary>
    public bool IsEmpty => IsPlain && Value.Length == 0;

    /// <inheritdoc/>
    public override string Text => IsPlain ? Value : $"\"{Value}\"";
}
