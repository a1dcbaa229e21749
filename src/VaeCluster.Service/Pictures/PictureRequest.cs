namespace VaeCluster.Service.Pictures;

/// <summary>A request for a picture of a model.</summary>
public sealed record PictureRequest
{
    /// <summary>The kind of picture.</summary>
    public required PictureKind Kind { get; init; }

    /// <summary>
    /// A position in the latent space, one number per dimension: what to decode, or the centre of a traversal; null for zeros.
    /// </summary>
    public IReadOnlyList<float>? Latent { get; init; }

    /// <summary>
    /// Examples of the evaluation split: the centre of a traversal, the two ends of an interpolation, or the examples to reconstruct.
    /// </summary>
    public IReadOnlyList<int>? Examples { get; init; }

    /// <summary>Dimensions of a traversal; null for the eight with the highest KL.</summary>
    public IReadOnlyList<int>? Dimensions { get; init; }

    /// <summary>Number of images in a row.</summary>
    public int Columns { get; init; } = 8;

    /// <summary>Number of rows of samples, or of pairs of examples and reconstructions.</summary>
    public int Rows { get; init; } = 4;

    /// <summary>First value of a traversal.</summary>
    public float From { get; init; } = -3;

    /// <summary>Last value of a traversal.</summary>
    public float To { get; init; } = 3;

    /// <summary>Seed of the samples, and of the choice of examples if none are given.</summary>
    public long Seed { get; init; }
}
