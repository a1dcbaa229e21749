namespace VaeCluster.Evaluation.Reports;

/// <summary>A number at the top of a report.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its value, ready to read.</param>
/// <param name="Unit">Its unit, or what it is out of.</param>
public sealed record KeyNumber(string Label, string Value, string Unit);
