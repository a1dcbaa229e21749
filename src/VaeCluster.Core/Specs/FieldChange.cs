namespace VaeCluster.Core.Specs;

/// <summary>A field whose value differs between two run files.</summary>
/// <param name="Field">The dotted path, for example <c>training.learningRate</c>.</param>
/// <param name="Before">The value in the first, as run files write it; null: it has no such field.</param>
/// <param name="After">The value in the second; null: it has no such field.</param>
public sealed record FieldChange(string Field, string? Before, string? After);
