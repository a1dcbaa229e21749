namespace VaeCluster.Core;

/// <summary>The size of an image; pixels are ordered channel by channel, row by row.</summary>
/// <param name="Channels">1 for grey, 3 for colour.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values of one image, over all channels.</summary>
    public int Pixels => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => Channels == 1 ? $"{Height}×{Width}" : $"{Height}×{Width}×{Channels}";
}
