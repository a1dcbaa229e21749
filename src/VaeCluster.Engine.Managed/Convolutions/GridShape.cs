namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>Channels of a grid of positions.</summary>
/// <param name="Channels">How many channels.</param>
/// <param name="Height">Rows of positions.</param>
/// <param name="Width">Columns of positions.</param>
internal readonly record struct GridShape(int Channels, int Height, int Width)
{
    /// <summary>Number of positions.</summary>
    internal int Positions => Height * Width;

    /// <summary>Reads [channels, height, width].</summary>
    internal static GridShape Of(IReadOnlyList<int> shape) => new(shape[0], shape[1], shape[2]);
}
