using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// A value as convolutions keep it: [position, channel, stride], the channels of a position side by side. Were each channel a block of its own, the
/// blocks would lie a power of two apart and chase each other out of the caches. Between two convolutions a value is kept only so; to everything
/// else it is [channel, position, stride], and is copied at the border. With one channel both are the same.
/// </summary>
internal sealed unsafe class Grid
{
    private readonly Value _value;
    private readonly GridShape _shape;
    private readonly bool _copies;

    /// <summary>A value's grid.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">Its channels and positions.</param>
    /// <param name="arena">Where a copy is kept if one is needed.</param>
    internal Grid(Value value, GridShape shape, Arena arena)
    {
        _value = value;
        _shape = shape;
        _copies = !value.IsGrid && shape.Channels > 1;
        long length = (long)value.Size * value.Stride;
        Data = _copies ? arena.Reserve(length) : value.Data;
        Gradient = _copies && value.HasGradient ? arena.Reserve(length) : value.Gradient;
    }

    /// <summary>The value.</summary>
    internal float* Data { get; }

    /// <summary>Its gradient, or null.</summary>
    internal float* Gradient { get; }

    /// <summary>Whether the gradient is to be added to what <see cref="Gradient"/> holds.</summary>
    internal bool Accumulates => !_copies && _value.Accumulates;

    /// <summary>Takes over the value.</summary>
    internal void ReadData()
    {
        if (_copies) ToGrid(_value.Data, Data);
    }

    /// <summary>Hands the value on.</summary>
    internal void WriteData()
    {
        if (_copies) FromGrid(Data, _value.Data, add: false);
    }

    /// <summary>Takes over the gradient.</summary>
    internal void ReadGradient()
    {
        if (_copies) ToGrid(_value.Gradient, Gradient);
    }

    /// <summary>Hands the gradient on.</summary>
    internal void WriteGradient()
    {
        if (_copies) FromGrid(Gradient, _value.Gradient, _value.Accumulates);
    }

    private void ToGrid(float* from, float* to)
    {
        for (int channel = 0; channel < _shape.Channels; channel++)
            for (int position = 0; position < _shape.Positions; position++) Row(from, Plain(channel, position)).CopyTo(Row(to, Turned(channel, position)));
    }

    private void FromGrid(float* from, float* to, bool add)
    {
        for (int channel = 0; channel < _shape.Channels; channel++)
        {
            for (int position = 0; position < _shape.Positions; position++)
            {
                Span<float> source = Row(from, Turned(channel, position)), target = Row(to, Plain(channel, position));
                if (!add) source.CopyTo(target);
                else for (int i = 0; i < target.Length; i++) target[i] += source[i];
            }
        }
    }

    private nint Plain(int channel, int position) => ((nint)channel * _shape.Positions) + position;

    private nint Turned(int channel, int position) => ((nint)position * _shape.Channels) + channel;

    private Span<float> Row(float* data, nint row) => new(data + (row * _value.Stride), _value.Stride);
}
