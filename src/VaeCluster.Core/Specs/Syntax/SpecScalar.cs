namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A scalar of a YAML file.</summary>
/// <param name="Origin">Where it was written.</param>
/// <param name="Value">Its text without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes: only then it can be a number, a truth value or nothing.</param>
public sealed record SpecScalar(SpecOrigin Origin, string Value, bool IsPlain) : SpecNode(Origin)
{
    /// <summary>Whether it says that there is no value.</summary>
    public bool IsNull => IsPlain && Value is ("" or "~" or "null");

    /// <inheritdoc/>
    public override string Text => IsPlain ? Value : $"\"{Value}\"";
}
