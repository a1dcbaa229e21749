using VaeCluster.Core.Parameters;
using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Silos;

/// <summary>Where a coordinator's silo receives the vectors of all ranges.</summary>
internal sealed class SnapshotSink
{
    private readonly Lock _lock = new();
    private readonly int _step;
    private readonly BlockRange[] _ranges;
    private readonly Memory<float>[] _vectors;
    private readonly int[] _received;
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
        _received = new int[ranges.Length * _vectors.Length];
    }

    /// <summary>Completes when all is there.</summary>
    internal Task Complete => _complete.Task;

    /// <summary>Where a piece goes.</summary>
    internal Memory<float> Accept(in TensorHeader header)
    {
        if (header.Step != _step || _complete.Task.IsCompleted || header.Part < 0 || header.Part >= _vectors.Length) return default;
        if (header.Range < 0 || header.Range >= _ranges.Length) return default;
        BlockRange range = _ranges[header.Range];
        bool fits = header.Total == range.Length && header.Offset >= 0 && header.Count > 0 && header.Count <= range.Length - header.Offset;
        return fits ? _vectors[header.Part].Slice(range.Offset + header.Offset, header.Count) : default;
    }

    /// <summary>A piece is whole.</summary>
    internal void Received(in TensorHeader header)
    {
        lock (_lock)
        {
            int place = (header.Part * _ranges.Length) + header.Range;
            if (header.Offset == 0) _received[place] = 0;
            _received[place] += header.Count;
            for (int i = 0; i < _received.Length; i++)
                if (_received[i] != _ranges[i % _ranges.Length].Length) return;
        }

        _complete.TrySetResult();
    }
}
