namespace VaeCluster.Engine.Managed.Memory;

/// <summary>A row-major copy of a value, [rows, stride], for sums over examples.</summary>
internal sealed unsafe class RowMajor
{
    private readonly Value? _source;
    private readonly int _rows;

    /// <summary>A copy of a value, updated by <see cref="Refresh"/>.</summary>
    /// <param name="source">The value.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="arena">Memory for the copy.</param>
    internal RowMajor(Value source, int rows, Arena arena)
    {
        _source = source;
        _rows = rows;
        Stride = (source.Size + 15) & ~15;
        Data = arena.Reserve((long)rows * Stride);
    }

    /// <summary>Memory that the caller fills in row-major order: an input.</summary>
    /// <param name="data">The memory.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    internal RowMajor(float* data, int stride)
    {
        Data = data;
        Stride = stride;
    }

    internal float* Data { get; }

    internal int Stride { get; }

    /// <summary>Copies the current value.</summary>
    internal void Refresh()
    {
        if (_source is not null) Transposition.Run(_source.Data, _source.Stride, _source.Size, _rows, Data, Stride);
    }
}
