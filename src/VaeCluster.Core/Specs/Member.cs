namespace VaeCluster.Core.Specs;

/// <summary>What a run file may say about one member of a family.</summary>
/// <param name="Name">The name in the run file.</param>
/// <param name="Summary">One line for help and documentation.</param>
/// <param name="Fields">The fields that it takes beside those of its section.</param>
public sealed record Member(string Name, string Summary, IReadOnlyList<FieldRule> Fields);
