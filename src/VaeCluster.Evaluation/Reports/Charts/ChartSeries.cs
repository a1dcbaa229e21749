namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>A named curve.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Color">Number of a colour of the page's palette, from 1 to 3.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points in order of X; those that are not finite are left out.</param>
public sealed record ChartSeries(string Name, int Color, SeriesStyle Style, IReadOnlyList<ChartPoint> Points);
