namespace VaeCluster.Service.Pictures;

/// <summary>What a picture of a model shows.</summary>
public enum PictureKind
{
    /// <summary>One image: the mean of p(x|z) at a position in the latent space, at the data's size.</summary>
    Decode,

    /// <summary>Decoded draws from the prior.</summary>
    Samples,

    /// <summary>Examples above their reconstructions.</summary>
    Reconstructions,

    /// <summary>One row for each dimension, in which only that dimension changes.</summary>
    Traversal,

    /// <summary>The straight line between the codes of two examples.</summary>
    Interpolation,
}
