namespace VaeCluster.Service.Pictures;

/// <summary>A picture of a model, on demand.</summary>
public sealed record PictureRequest
{
    /// <summary>What it shows.</summary>
    public required PictureKind Kind { get; init; }

    /// <summary>A position in the latent space, one number a dimension: what is decoded, or where a traversal rests; null: 0.</summary>
    public IReadOnlyList<float>? Latent { get; init; }

    /// <summary>Examples of the judged split: that of a traversal's centre, the two ends of an interpolation, or those
    /// reconstructed.</summary>
    public IReadOnlyList<int>? Examples { get; init; }

    /// <summary>Dimensions of a traversal; null: the eight with the highest KL.</summary>
    public IReadOnlyList<int>? Dimensions { get; init; }

    /// <summary>Images side by side.</summary>
    public int Columns { get; init; } = 8;

    /// <summary>Rows of samples, or of pairs of reconstructions.</summary>
    public int Rows { get; init; } = 4;

    /// <summary>First value of a traversal.</summary>
    public float From { get; init; } = -3;

    /// <summary>Last value of a traversal.</summary>
    public float To { get; init; } = 3;

    /// <summary>Seed of samples, and of the examples where none are named.</summary>
    public long Seed { get; init; }
}
