using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Reports;

/// <summary>An image in a report.</summary>
/// <param name="Label">A short label beside it, for example a latent dimension; null for none.</param>
/// <param name="Detail">A second, smaller label; null for none.</param>
/// <param name="Description">Alternative text.</param>
/// <param name="Raster">The image.</param>
public sealed record ReportImage(string? Label, string? Detail, string Description, Raster Raster);
