namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>A point of a chart.</summary>
/// <param name="X">Along the horizontal axis, for example the step.</param>
/// <param name="Y">Along the vertical axis.</param>
public readonly record struct ChartPoint(double X, double Y);
