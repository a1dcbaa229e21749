using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Figures;

/// <summary>How interpolations are drawn.</summary>
public sealed record InterpolationsOptions
{
    /// <summary>Decoded images per row, both ends included, at least 2. Default 9.</summary>
    public int Steps { get; init; } = 9;

    /// <summary>Layout of the image grid.</summary>
    public ImageGridOptions Grid { get; init; } = new();
}
