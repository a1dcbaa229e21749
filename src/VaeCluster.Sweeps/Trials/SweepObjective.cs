namespace VaeCluster.Sweeps.Trials;

/// <summary>A score that trials are ranked by.</summary>
/// <param name="Name">Its name, as in the sweep file.</param>
/// <param name="HigherIsBetter">Its direction.</param>
public sealed record SweepObjective(string Name, bool HigherIsBetter);
