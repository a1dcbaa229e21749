namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>Channels of a grid of positions.</summary>
/// <param name="Channels">How many channels.</param>
/// <param name="Height">Rows of positions.</param>
/// <param name="Width">Columns of positions.</param>
internal readonly record struct GridShape(int Channels, int Height, int Width)
{
    /// <summary>Number of positions.</summary>
    internal int Positions => Height * Width;

    /// <summary>Where a channel of a position is kept, in rows of examples: the channels of a position side by side.</summary>
    /// <param name="row">Row of the position; may lie outside where only differences count.</param>
    /// <param name="column">Column of the position.</param>
    /// <param name="channel">The channel.</param>
    internal nint RowOf(int row, int column, int channel = 0) => ((((nint)row * Width) + column) * Channels) + channel;

    /// <summary>Reads [channels, height, width].</summary>
    internal static GridShape Of(IReadOnlyList<int> shape) => new(shape[0], shape[1], shape[2]);
}
