using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Pieces;
using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Silos;

/// <summary>Where a coordinator's silo receives the vectors of all ranges.</summary>
internal sealed class SnapshotSink
{
    private readonly Lock _lock = new();
    private readonly int _step;
    private readonly BlockRange[] _ranges;
    private readonly Memory<float>[] _vectors;
    private readonly TensorAssembly[] _parts;
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for vectors.</summary>
    /// <param name="step">Steps that they have seen.</param>
    /// <param name="ranges">The ranges that they come from.</param>
    /// <param name="vectors">Receive them: weights, then moments.</param>
    internal SnapshotSink(int step, BlockRange[] ranges, IReadOnlyList<Memory<float>> vectors)
    {
        _step = step;
        _ranges = ranges;
        _vectors = [.. vectors];
        _parts = [.. Enumerable.Range(0, ranges.Length * _vectors.Length).Select(i => new TensorAssembly(ranges[i % ranges.Length].Length))];
    }

    /// <summary>Completes when all is there.</summary>
    internal Task Complete => _complete.Task;

    /// <summary>Where a piece goes.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    internal Memory<float> Accept(object from, in TensorHeader header)
    {
        if (header.Step != _step || header.Part < 0 || header.Part >= _vectors.Length) return default;
        if (header.Range < 0 || header.Range >= _ranges.Length) return default;
        BlockRange range = _ranges[header.Range];
        bool fits = header.Total == range.Length && header.Offset >= 0 && header.Count > 0 && header.Count <= range.Length - header.Offset;
        if (!fits) return default;
        lock (_lock)
        {
            if (_complete.Task.IsCompleted) return default;
            PartOf(header).Accept(from);
        }

        return _vectors[header.Part].Slice(range.Offset + header.Offset, header.Count);
    }

    /// <summary>A piece is whole.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    internal void Received(object from, in TensorHeader header)
    {
        lock (_lock)
        {
            PartOf(header).Receive(from, header);
            CompleteIfWhole_NeedsLock();
        }
    }

    /// <summary>A connection has ended.</summary>
    /// <param name="from">The connection.</param>
    internal void Closed(object from)
    {
        lock (_lock)
        {
            foreach (TensorAssembly part in _parts) part.Close(from);
            CompleteIfWhole_NeedsLock();
        }
    }

    private TensorAssembly PartOf(in TensorHeader header) => _parts[(header.Part * _ranges.Length) + header.Range];

    private void CompleteIfWhole_NeedsLock()
    {
        if (Array.TrueForAll(_parts, part => part.IsWhole)) _complete.TrySetResult();
    }
}
