namespace VaeCluster.Evaluation.Reports;

/// <summary>A section of pictures.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Images">The pictures, from top to bottom.</param>
public sealed record ReportFigure(string Title, string Caption, IReadOnlyList<ReportImage> Images)
{
    /// <summary>Pictures of less interest, shown on demand.</summary>
    public IReadOnlyList<ReportImage> Folded { get; init; } = [];

    /// <summary>What the folded pictures are, for example "5 dimensions that are not active".</summary>
    public string FoldedTitle { get; init; } = "More";
}
