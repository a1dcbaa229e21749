using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed;

/// <summary>Returns a value to the caller in row-major order.</summary>
internal sealed unsafe class OutputReader
{
    private readonly Value _value;
    private readonly int _rows;
    private readonly float* _data;

    internal OutputReader(ProgramContext context, Value value)
    {
        _value = value;
        _rows = value.PerExample ? context.Examples : 1;

        // A single feature is already row-major.
        _data = value.Size == 1 || !value.PerExample ? null : context.Arena.Reserve((long)_rows * value.Size);
    }

    /// <summary>The current value, [examples, size].</summary>
    internal ReadOnlySpan<float> Read()
    {
        int length = _rows * _value.Size;
        if (_data == null) return new ReadOnlySpan<float>(_value.Data, length);
        Transposition.Run(_value.Data, _value.Stride, _value.Size, _rows, _data, _value.Size);
        return new ReadOnlySpan<float>(_data, length);
    }
}
