namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>The size of a grid of positions.</summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Height">Rows of positions.</param>
/// <param name="Width">Columns of positions.</param>
internal readonly record struct GridShape(int Channels, int Height, int Width)
{
    /// <summary>Number of positions.</summary>
    internal int Positions => Height * Width;

    /// <summary>Offset of a channel of a position, in rows of examples; the channels of a position are adjacent.</summary>
    /// <param name="row">Row of the position; may be outside the grid if only differences matter.</param>
    /// <param name="column">Column of the position.</param>
    /// <param name="channel">The channel.</param>
    internal nint RowOf(int row, int column, int channel = 0) => ((((nint)row * Width) + column) * Channels) + channel;

    /// <summary>Reads [channels, height, width].</summary>
    internal static GridShape Of(IReadOnlyList<int> shape) => new(shape[0], shape[1], shape[2]);
}
