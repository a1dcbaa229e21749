namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>A line chart.</summary>
/// <param name="Title">The heading.</param>
/// <param name="YLabel">The vertical axis with its unit.</param>
/// <param name="XLabel">The horizontal axis with its unit.</param>
/// <param name="Series">The curves, background first.</param>
public sealed record LineChart(string Title, string YLabel, string XLabel, IReadOnlyList<ChartSeries> Series);
