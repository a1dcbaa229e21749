namespace VaeCluster.Service.Runs;

/// <summary>A checkpoint of a run.</summary>
/// <param name="Name">The name, such as <c>step-00000500-g1</c>.</param>
/// <param name="Step">The step of its weights.</param>
/// <param name="Written">When it was written.</param>
/// <param name="Files">The sizes of its files in bytes, by name.</param>
public sealed record RunCheckpoint(string Name, int Step, DateTimeOffset Written, IReadOnlyDictionary<string, long> Files);
