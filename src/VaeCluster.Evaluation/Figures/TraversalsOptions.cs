using VaeCluster.Evaluation.Images;

namespace VaeCluster.Evaluation.Figures;

/// <summary>How latent traversals are drawn.</summary>
public sealed record TraversalsOptions
{
    /// <summary>The values of the other dimensions, usually μ of an example; null: 0, the prior's mean.</summary>
    public float[]? Center { get; init; }

    /// <summary>First value of the varied dimension, in standard deviations of the prior. Default −3.</summary>
    public float From { get; init; } = -3f;

    /// <summary>Last value of the varied dimension. Default 3.</summary>
    public float To { get; init; } = 3f;

    /// <summary>Images per row. Default 11, so that the middle one is at 0.</summary>
    public int Steps { get; init; } = 11;

    /// <summary>Layout of the image grid.</summary>
    public ImageGridOptions Grid { get; init; } = new();
}
