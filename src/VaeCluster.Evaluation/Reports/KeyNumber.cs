namespace VaeCluster.Evaluation.Reports;

/// <summary>A key number at the top of a report.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Value">Its formatted value.</param>
/// <param name="Unit">Its unit, or an explanation.</param>
public sealed record KeyNumber(string Label, string Value, string Unit);
