using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Reports;

/// <summary>A picture of a report.</summary>
/// <param name="Label">A short label beside it, for example a latent dimension; null: none.</param>
/// <param name="Detail">A second, smaller label; null: none.</param>
/// <param name="Description">What it shows, for those who cannot see it.</param>
/// <param name="Raster">The picture.</param>
public sealed record ReportImage(string? Label, string? Detail, string Description, Raster Raster);
