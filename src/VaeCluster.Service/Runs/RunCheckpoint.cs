namespace VaeCluster.Service.Runs;

/// <summary>A checkpoint of a run.</summary>
/// <param name="Name">Its name: <c>step-00000500-g1</c>.</param>
/// <param name="Step">Steps that its weights have seen.</param>
/// <param name="Written">When it was written.</param>
/// <param name="Files">Its files with their sizes in bytes.</param>
public sealed record RunCheckpoint(string Name, int Step, DateTimeOffset Written, IReadOnlyDictionary<string, long> Files);
