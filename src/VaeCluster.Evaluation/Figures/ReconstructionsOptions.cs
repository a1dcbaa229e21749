using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Figures;

/// <summary>How reconstructions are laid out.</summary>
public sealed record ReconstructionsOptions
{
    /// <summary>Images side by side. Default 10.</summary>
    public int Columns { get; init; } = 10;

    /// <summary>Looks.</summary>
    public ImageGridOptions Grid { get; init; } = new();
}
