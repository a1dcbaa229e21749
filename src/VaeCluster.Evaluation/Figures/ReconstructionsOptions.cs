using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Figures;

/// <summary>How reconstructions are drawn.</summary>
public sealed record ReconstructionsOptions
{
    /// <summary>Images per row. Default 10.</summary>
    public int Columns { get; init; } = 10;

    /// <summary>Layout of the image grid.</summary>
    public ImageGridOptions Grid { get; init; } = new();
}
