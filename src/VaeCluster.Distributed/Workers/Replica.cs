using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Messages;
using VaeCluster.Exchange;
using VaeCluster.Models.Engines;

namespace VaeCluster.Distributed.Workers;

/// <summary>
/// A silo's copy of a run's weights for one engine, in one generation: each range's pieces are received into the engine's own memory. A
/// version is ready when every range has it; then what waits for it begins.
/// </summary>
internal sealed class Replica : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IEngineWeights _weights;
    private readonly IReadOnlyList<RangePlace> _places;
    private readonly int[] _versions, _receiving, _received;
    private readonly List<(int Version, Action Go)> _waiting = [];
    private int _ready = -1;

    /// <summary>A replica without a version yet.</summary>
    /// <param name="weights">The engine's memory; it becomes the replica's.</param>
    /// <param name="places">The ranges.</param>
    internal Replica(IEngineWeights weights, IReadOnlyList<RangePlace> places)
    {
        _weights = weights;
        _places = places;
        _versions = new int[places.Count];
        _receiving = new int[places.Count];
        _received = new int[places.Count];
        Array.Fill(_versions, -1);
        Array.Fill(_receiving, -1);
    }

    /// <summary>The engine's memory, for programs.</summary>
    internal IEngineWeights Weights => _weights;

    public void Dispose() => _weights.Dispose();

    /// <summary>Does something as soon as a version is there; never, if the replica has gone past it.</summary>
    /// <param name="version">Steps that the weights have seen.</param>
    /// <param name="go">What to do, on whatever thread brings the version; it must be quick.</param>
    internal void WhenAt(int version, Action go)
    {
        lock (_lock)
        {
            if (_ready < version) _waiting.Add((version, go));
            if (_ready != version) return;
        }

        go();
    }

    /// <summary>Where a piece of weights goes.</summary>
    internal Memory<float> Accept(in TensorHeader header)
    {
        if (header.Range < 0 || header.Range >= _places.Count) return default;
        BlockRange range = _places[header.Range].Range;
        if (header.Total != range.Length || header.Offset < 0 || header.Count <= 0 || header.Count > range.Length - header.Offset)
            return default;
        lock (_lock)
        {
            if (header.Step <= _versions[header.Range]) return default;
            if (header.Offset == 0)
            {
                _receiving[header.Range] = header.Step;
                _received[header.Range] = 0;
            }
            else if (_receiving[header.Range] != header.Step)
            {
                return default;
            }
        }

        return _weights.Flat.Slice(range.Offset + header.Offset, header.Count);
    }

    /// <summary>A piece of weights is whole.</summary>
    internal void Received(in TensorHeader header)
    {
        int range = header.Range, step = header.Step;
        lock (_lock)
        {
            if (_receiving[range] != step) return;
            _received[range] += header.Count;
            if (_received[range] < header.Total) return;
            _versions[range] = step;
            if (!Array.TrueForAll(_versions, version => version == step)) return;
        }

        for (int part = 0; part < _weights.Parts; part++) _weights.Prepare(part);
        List<Action> ready = [];
        lock (_lock)
        {
            _ready = step;
            for (int i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].Version > _ready) continue;
                if (_waiting[i].Version == _ready) ready.Insert(0, _waiting[i].Go);
                _waiting.RemoveAt(i);
            }
        }

        foreach (Action go in ready) go();
    }
}
