namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A YAML value with its position: a scalar, a list or a map.</summary>
/// <param name="Origin">Where it was written.</param>
public abstract record SpecNode(SpecOrigin Origin)
{
    /// <summary>The value as shown in error messages.</summary>
    public abstract string Text { get; }
}
