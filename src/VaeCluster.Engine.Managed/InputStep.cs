using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed;

/// <summary>Transposes the caller's row-major input.</summary>
internal sealed unsafe class InputStep : Step
{
    private readonly Value _value;
    private readonly int _rows;

    internal InputStep(ProgramContext context, Value value)
    {
        _value = value;
        _rows = context.Examples;
        Rows = context.Arena.Reserve((long)_rows * value.Size);
        context.SetRowMajor(value, new RowMajor(Rows, value.Size));
    }

    /// <summary>The caller's memory, [examples, size].</summary>
    internal float* Rows { get; }

    /// <summary>Elements of a row.</summary>
    internal int Size => _value.Size;

    internal override void Forward() => Transposition.Run(Rows, Size, _rows, Size, _value.Data, _value.Stride);
}
