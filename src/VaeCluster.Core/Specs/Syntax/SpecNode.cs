namespace VaeCluster.Core.Specs.Syntax;

/// <summary>A value of a YAML file with its place: a scalar, a list or a map.</summary>
/// <param name="Origin">Where it was written.</param>
public abstract record SpecNode(SpecOrigin Origin)
{
    /// <summary>The value as a fault shows it.</summary>
    public abstract string Text { get; }
}
