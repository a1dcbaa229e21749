namespace VaeCluster.Service.Runs;

/// <summary>A page of the list of runs.</summary>
/// <param name="Runs">Newest first.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null: this is the last one.</param>
public sealed record RunPage(IReadOnlyList<RunInfo> Runs, string? Next);
