namespace VaeCluster.Evaluation.Reports;

/// <summary>A section with images.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Images">The images, from top to bottom.</param>
public sealed record ReportFigure(string Title, string Caption, IReadOnlyList<ReportImage> Images)
{
    /// <summary>Less important images, collapsed by default.</summary>
    public IReadOnlyList<ReportImage> Folded { get; init; } = [];

    /// <summary>The heading of the collapsed images, for example "5 inactive dimensions".</summary>
    public string FoldedTitle { get; init; } = "More";
}
