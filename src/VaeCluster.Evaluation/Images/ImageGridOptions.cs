namespace VaeCluster.Evaluation.Images;

/// <summary>How an image grid looks.</summary>
public sealed record ImageGridOptions
{
    /// <summary>Pixels between two images and around all, before the enlargement. Default 1.</summary>
    public int Gap { get; init; } = 1;

    /// <summary>Grey value of the gaps; the default, a middle grey, stands out from black and from white images.</summary>
    public byte GapGrey { get; init; } = 128;

    /// <summary>Pixels that an image's longer side gets at least: smaller images are enlarged by the smallest whole factor. Default 56.</summary>
    public int MinTile { get; init; } = 56;
}
