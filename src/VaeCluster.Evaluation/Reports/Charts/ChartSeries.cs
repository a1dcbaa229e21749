namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>A named curve.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Color">Number of a colour in the page's palette, from 1 to 3.</param>
/// <param name="Style">How it is drawn.</param>
/// <param name="Points">Its points in order of X; points that are not finite are skipped.</param>
public sealed record ChartSeries(string Name, int Color, SeriesStyle Style, IReadOnlyList<ChartPoint> Points);
