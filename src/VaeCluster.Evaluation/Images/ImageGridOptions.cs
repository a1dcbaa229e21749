namespace VaeCluster.Evaluation.Images;

/// <summary>The layout of an image grid.</summary>
public sealed record ImageGridOptions
{
    /// <summary>Width of the gaps between and around images in pixels, before enlargement. Default 1.</summary>
    public int Gap { get; init; } = 1;

    /// <summary>Grey value of the gaps; the default, a medium grey, contrasts with black and with white images.</summary>
    public byte GapGrey { get; init; } = 128;

    /// <summary>Minimum length of an image's longer side in pixels; smaller images are enlarged by an integer factor. Default 56.</summary>
    public int MinTile { get; init; } = 56;
}
