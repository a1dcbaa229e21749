namespace VaeCluster.Engine.Managed.Memory;

/// <summary>Where the rows of a value's channels and positions are, in either memory layout of <see cref="Value"/>.</summary>
/// <param name="value">The value.</param>
/// <param name="channels">Its channels.</param>
internal readonly struct ChannelRows(Value value, int channels)
{
    /// <summary>Number of channels.</summary>
    internal int Channels { get; } = channels;

    /// <summary>Number of positions; 1 for the features of a fully connected layer.</summary>
    internal int Positions { get; } = value.Size / channels;

    /// <summary>Elements from one channel of a position to the next.</summary>
    internal nint NextChannel { get; } = value.IsGrid ? value.Stride : (nint)(value.Size / channels) * value.Stride;

    /// <summary>Elements from one position of a channel to the next.</summary>
    internal nint NextPosition { get; } = value.IsGrid ? (nint)channels * value.Stride : value.Stride;
}
