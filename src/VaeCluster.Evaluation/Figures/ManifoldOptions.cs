using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Figures;

/// <summary>How the latent plane is drawn.</summary>
public sealed record ManifoldOptions
{
    /// <summary>Images along each side. Default 20.</summary>
    public int Side { get; init; } = 20;

    /// <summary>Layout of the image grid; no gaps, so that the plane appears as one image.</summary>
    public ImageGridOptions Grid { get; init; } = new() { Gap = 0, MinTile = 28 };
}
