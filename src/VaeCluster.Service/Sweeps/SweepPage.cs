namespace VaeCluster.Service.Sweeps;

/// <summary>A page of the list of sweeps.</summary>
/// <param name="Sweeps">Newest first.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; null: this is the last one.</param>
public sealed record SweepPage(IReadOnlyList<SweepInfo> Sweeps, string? Next);
