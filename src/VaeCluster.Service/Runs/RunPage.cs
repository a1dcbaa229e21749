namespace VaeCluster.Service.Runs;

/// <summary>A page of the list of runs.</summary>
/// <param name="Runs">Newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
public sealed record RunPage(IReadOnlyList<RunInfo> Runs, string? Next);
