using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>
/// A value in the memory layout of convolutions, [position, channel, stride], with the channels of a position adjacent. If each channel
/// were a separate block, blocks would be a power of two apart and evict each other from the caches. Between two convolutions a value
/// exists only in this layout; all other operations use [channel, position, stride], with a copy in between. With one channel both layouts
/// are the same.
/// </summary>
internal sealed unsafe class Grid
{
    private readonly Value _value;
    private readonly GridShape _shape;
    private readonly bool _copies;

    /// <summary>A value's grid.</summary>
    /// <param name="value">The value.</param>
    /// <param name="shape">Its channels and positions.</param>
    /// <param name="arena">Memory for the copy, if one is needed.</param>
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

    /// <summary>Whether the gradient must be added to the values in <see cref="Gradient"/>.</summary>
    internal bool Accumulates => !_copies && _value.Accumulates;

    /// <summary>Copies the value in, if the layouts differ.</summary>
    internal void ReadData()
    {
        if (_copies) ToGrid(_value.Data, Data);
    }

    /// <summary>Copies the value out, if the layouts differ.</summary>
    internal void WriteData()
    {
        if (_copies) FromGrid(Data, _value.Data, add: false);
    }

    /// <summary>Copies the gradient in, if the layouts differ.</summary>
    internal void ReadGradient()
    {
        if (_copies) ToGrid(_value.Gradient, Gradient);
    }

    /// <summary>Copies the gradient out, if the layouts differ.</summary>
    internal void WriteGradient()
    {
        if (_copies) FromGrid(Gradient, _value.Gradient, _value.Accumulates);
    }

    private void ToGrid(float* from, float* to)
    {
        for (int channel = 0; channel < _shape.Channels; channel++)
            for (int position = 0; position < _shape.Positions; position++)
                Row(from, Plain(channel, position)).CopyTo(Row(to, Turned(channel, position)));
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
