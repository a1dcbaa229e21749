namespace VaeCluster.Sweeps.Reports.Importance;

/// <summary>How much of a score's variance a parameter explains.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">From 0 to 1.</param>
/// <param name="IsRest">Whether this is the remainder that no single parameter explains.</param>
public sealed record ParameterShare(string Name, double Share, bool IsRest);
