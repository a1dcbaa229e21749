using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Pieces;
using VaeCluster.Exchange;
using VaeCluster.Models.Engines;

namespace VaeCluster.Distributed.Workers;

/// <summary>
/// A silo's copy of a run's weights for one engine, in one generation: each range's pieces are received into the engine's own memory. A
/// version is ready when every range has it; then what waits for it begins.
/// </summary>
internal sealed class Replica : IDisposable
{
    // Far more than a worker ever has: what lies behind them was never meant.
    private const int MostWaiting = 64;

    // How long pieces of a new version wait for the last one of an old version on another connection.
    private static readonly TimeSpan OldPieceLimit = TimeSpan.FromSeconds(5);

    // Not a Lock: only a monitor can be waited on.
    private readonly object _lock = new();
    private readonly int _lastVersion;
    private readonly TensorAssembly[] _parts;
    private readonly string[] _senders;
    private readonly IEngineWeights _weights;
    private readonly IReadOnlyList<RangePlace> _places;
    private readonly int[] _versions, _receiving;
    private readonly List<(int Version, Action Go)> _waiting = [];
    private int _ready = -1;

    /// <summary>A replica without a version yet.</summary>
    /// <param name="weights">The engine's memory; it becomes the replica's.</param>
    /// <param name="places">The ranges.</param>
    /// <param name="lastVersion">Steps of the whole run: no weights have seen more.</param>
    internal Replica(IEngineWeights weights, IReadOnlyList<RangePlace> places, int lastVersion)
    {
        _lastVersion = lastVersion;
        _parts = [.. places.Select(place => new TensorAssembly(place.Range.Length))];
        _senders = [.. places.Select(place => place.Silo.ToString())];
        _weights = weights;
        _places = places;
        _versions = new int[places.Count];
        _receiving = new int[places.Count];
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
            if (_ready < version)
            {
                _waiting.Add((version, go));
                if (_waiting.Count > MostWaiting) _waiting.Remove(_waiting.MaxBy(waiting => waiting.Version));
            }

            if (_ready != version) return;
        }

        go();
    }

    /// <summary>Where a piece of weights goes.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    /// <exception cref="ExchangeException">A piece of an older version is still being written by another connection.</exception>
    internal Memory<float> Accept(object from, in TensorHeader header)
    {
        if (header.Range < 0 || header.Range >= _places.Count || header.Step > _lastVersion) return default;
        BlockRange range = _places[header.Range].Range;
        if (header.Total != range.Length || header.Offset < 0 || header.Count <= 0 || header.Count > range.Length - header.Offset)
            return default;
        if (from is TensorConnection sender && sender.Endpoint != _senders[header.Range]) return default;
        TensorAssembly assembly = _parts[header.Range];
        lock (_lock)
        {
            if (header.Step <= _versions[header.Range] || header.Step < _receiving[header.Range]) return default;
            if (header.Step > _receiving[header.Range])
            {
                WaitForOthers_NeedsLock(from, assembly);
                if (header.Step <= _receiving[header.Range]) return default;
                _receiving[header.Range] = header.Step;
                assembly.Clear();
            }

            assembly.Accept(from);
        }

        return _weights.Flat.Slice(range.Offset + header.Offset, header.Count);
    }

    /// <summary>A piece of weights is whole.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    internal void Received(object from, in TensorHeader header)
    {
        lock (_lock)
        {
            _parts[header.Range].Receive(from, header);
            Monitor.PulseAll(_lock);
        }

        Complete(header.Range);
    }

    /// <summary>A connection has ended.</summary>
    /// <param name="from">The connection.</param>
    internal void Closed(object from)
    {
        lock (_lock)
        {
            foreach (TensorAssembly part in _parts) part.Close(from);
            Monitor.PulseAll(_lock);
        }

        for (int range = 0; range < _parts.Length; range++) Complete(range);
    }

    // A version is not begun while a connection still writes one before it: whatever it brings last would be part of the new one.
    private void WaitForOthers_NeedsLock(object from, TensorAssembly assembly)
    {
        assembly.CutOffOthers(from);
        while (assembly.IsWrittenByOthers(from))
            if (!Monitor.Wait(_lock, OldPieceLimit)) throw new ExchangeException("an older version of the weights is still being received");
    }

    private void Complete(int range)
    {
        int step;
        lock (_lock)
        {
            step = _receiving[range];
            if (step == _versions[range] || !_parts[range].IsWhole) return;
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
