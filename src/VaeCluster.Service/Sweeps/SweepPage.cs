namespace VaeCluster.Service.Sweeps;

/// <summary>A page of the list of sweeps.</summary>
/// <param name="Sweeps">Newest first.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last page.</param>
public sealed record SweepPage(IReadOnlyList<SweepInfo> Sweeps, string? Next);
