namespace VaeCluster.Sweeps.Trials;

/// <summary>A score by which trials are ranked.</summary>
/// <param name="Name">Its name, as in the sweep file.</param>
/// <param name="HigherIsBetter">Whether higher values are better.</param>
public sealed record SweepObjective(string Name, bool HigherIsBetter);
