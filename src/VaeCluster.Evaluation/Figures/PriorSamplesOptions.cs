using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Figures;

/// <summary>How prior samples are drawn.</summary>
public sealed record PriorSamplesOptions
{
    /// <summary>Rows. Default 8.</summary>
    public int Rows { get; init; } = 8;

    /// <summary>Columns. Default 8.</summary>
    public int Columns { get; init; } = 8;

    /// <summary>Seed of the draws. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Layout of the image grid.</summary>
    public ImageGridOptions Grid { get; init; } = new();
}
