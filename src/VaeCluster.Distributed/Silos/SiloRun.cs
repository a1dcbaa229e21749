using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.ParameterServers;
using VaeCluster.Distributed.Workers;
using VaeCluster.Exchange;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Silos;

/// <summary>
/// Everything of one run on one silo in one generation: its workers with their copies of the weights, its ranges, and a snapshot on its
/// way.
/// </summary>
internal sealed class SiloRun : IDisposable
{
    // As many as a run's log names of those on one silo.
    private const int MostStrangers = 4;

    private readonly Lock _lock = new();
    private readonly LocalSiloOptions _silo;
    private readonly ITensorPost _post;
    private readonly RunTicket _ticket;
    private readonly Dictionary<IEngine, Replica> _replicas = [];
    private readonly Dictionary<string, RunWorker> _workers = [];
    private readonly Dictionary<string, string> _faults = [];
    private readonly List<string> _strangers = [];
    private readonly Dictionary<int, RangeHost> _ranges = [];
    private Replica[] _replicaList = [];
    private IReadOnlyList<RangePlace> _places = [];
    private SnapshotSink? _sink;
    private Action<int, int, RangeGradient>? _onRoot;
    private IReadOnlyDictionary<string, DeviceThread>? _threads;
    private int _shards;
    private bool _isRetired;

    /// <summary>A run that has nothing on this silo yet.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="post">Sends tensors, also to this silo itself.</param>
    /// <param name="ticket">The id of the run, its run file and the fingerprint of its data.</param>
    /// <param name="generation">The generation that the call is for.</param>
    internal SiloRun(LocalSiloOptions silo, ITensorPost post, RunTicket ticket, int generation)
    {
        _silo = silo;
        _post = post;
        _ticket = ticket;
        Generation = generation;
    }

    internal int Generation { get; }

    /// <summary>The id of the run.</summary>
    internal string Id => _ticket.Id;

    /// <summary>The last phases of its workers and ranges here.</summary>
    internal PhaseTimeline Timeline { get; } = new();

    /// <summary>Devices that failed, with the reason.</summary>
    internal Dictionary<string, string> Faults
    {
        get
        {
            lock (_lock) return new Dictionary<string, string>(_faults);
        }
    }

    /// <summary>The first of those whose gradients were ignored, in a line each; null: nobody's were.</summary>
    internal string[]? Strangers
    {
        get
        {
            lock (_strangers) return _strangers.Count == 0 ? null : [.. _strangers];
        }
    }

    /// <summary>Whether it has a worker or a range here.</summary>
    internal bool IsInUse
    {
        get
        {
            lock (_lock) return _workers.Count > 0 || _ranges.Count > 0;
        }
    }

    public void Dispose() => Retire(Generation + 1);

    /// <summary>Ends it in favour of a newer generation.</summary>
    internal void Retire(int newest)
    {
        RunWorker[] workers;
        RangeHost[] ranges;
        Replica[] replicas;
        lock (_lock)
        {
            _isRetired = true;
            workers = [.. _workers.Values];
            ranges = [.. _ranges.Values];
            replicas = _replicaList;
            _replicaList = [];
            _workers.Clear();
            _ranges.Clear();
        }

        foreach (RangeHost range in ranges) range.Retire(newest);
        foreach (RunWorker worker in workers) worker.Dispose();

        // After every device's thread has let go of its programs; managed memory that a connection still writes to outlives the release.
        int left = _silo.Devices.Count;
        foreach (Device device in _silo.Devices)
        {
            _threads?[device.Name].Post(() =>
            {
                if (Interlocked.Decrement(ref left) > 0) return;
                foreach (Replica replica in replicas) replica.Dispose();
            });
        }
    }

    /// <summary>Makes a device a worker of the run.</summary>
    /// <param name="device">The device.</param>
    /// <param name="threads">The threads of all devices.</param>
    /// <param name="material">The run's data and model.</param>
    /// <param name="places">The ranges.</param>
    internal void Attach(
        Device device, IReadOnlyDictionary<string, DeviceThread> threads, RunMaterial material, IReadOnlyList<RangePlace> places)
    {
        lock (_lock)
        {
            if (_isRetired || _workers.ContainsKey(device.Name)) return;
            _threads = threads;
            _places = places;
            _shards = material.Spec.Training.Shards;
            if (!_replicas.TryGetValue(device.Engine, out Replica? replica))
            {
                replica = new Replica(device.Engine.CreateWeights(material.Model.Layout), places, material.TotalSteps);
                _replicas.Add(device.Engine, replica);
                _replicaList = [.. _replicas.Values];
            }

            string name = device.Name;
            _workers.Add(
                name, new RunWorker(_silo.NameOf(name), Timeline, material, replica, threads[name], Push, fault => Fail(name, fault)));
        }
    }

    /// <summary>The worker on a device.</summary>
    /// <param name="device">The device's name.</param>
    /// <exception cref="InvalidOperationException">It is not attached.</exception>
    internal RunWorker Worker(string device)
    {
        lock (_lock)
        {
            return _workers.TryGetValue(device, out RunWorker? worker)
                ? worker
                : throw new InvalidOperationException($"{device} is no worker of run {_ticket.Id}");
        }
    }

    /// <summary>Takes over a range.</summary>
    /// <param name="opening">Which range of which run, and where its weights begin.</param>
    /// <param name="range">Its place in the flat vector.</param>
    /// <param name="shards">Shards of a batch.</param>
    /// <param name="optimizer">Applies the updates.</param>
    internal void Open(RangeOpening opening, BlockRange range, int shards, IOptimizer optimizer)
    {
        var host = new RangeHost(opening, range, shards, optimizer, _silo.Address, _post, Timeline, TellOfStranger);
        lock (_lock)
        {
            if (!_isRetired) _ranges[opening.Range] = host;
        }
    }

    /// <summary>A range of this silo.</summary>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    internal RangeHost Range(int range) =>
        FindRange(range) ?? throw new InvalidOperationException($"range {range} of run {_ticket.Id} is not on this silo");

    /// <summary>Lets go of a worker.</summary>
    /// <param name="device">The device's name.</param>
    internal void Detach(string device)
    {
        lock (_lock)
        {
            if (!_workers.Remove(device, out RunWorker? worker)) return;
            _silo.Log?.Invoke(FormattableString.Invariant($"{_ticket.Id}: {device} has computed for {worker.ComputeSeconds:0.00} s"));
            worker.Dispose();
        }
    }

    /// <summary>Lets go of a range.</summary>
    internal void Close(int range)
    {
        lock (_lock)
        {
            if (!_ranges.Remove(range, out RangeHost? host)) return;
            _silo.Log?.Invoke($"{_ticket.Id}: range {range}: {host.Clock}");
            host.Retire(Generation);
        }
    }

    /// <summary>From now on vectors of a step are received.</summary>
    /// <param name="sink">Receives them.</param>
    internal void Expect(SnapshotSink? sink) => Volatile.Write(ref _sink, sink);

    /// <summary>From now on somebody here is told of roots.</summary>
    /// <param name="onRoot">Told range, step and root, on whatever thread brings them; null: nobody is any more.</param>
    internal void Attend(Action<int, int, RangeGradient>? onRoot) => Volatile.Write(ref _onRoot, onRoot);

    /// <summary>Hears a note. Ignores one for another step; the sender retries with a call.</summary>
    /// <param name="header">The note's header.</param>
    /// <param name="words">Its words.</param>
    /// <exception cref="ExchangeException">It is malformed; its connection is closed, and nobody is blamed.</exception>
    internal void Hear(in TensorHeader header, ReadOnlySpan<float> words)
    {
        switch (header.Kind)
        {
            case TensorKind.Assignment:
                (string device, Assignment assignment) = StepNotes.ReadAssignment(header, words);
                RunWorker? worker;
                lock (_lock) _workers.TryGetValue(device, out worker);
                worker?.Demand(assignment);
                worker?.Assign(assignment);
                break;
            case TensorKind.Root:
                Volatile.Read(ref _onRoot)?.Invoke(header.Range, header.Step, StepNotes.ReadRoot(words));
                break;
            case TensorKind.Decision:
                FindRange(header.Range)?.Apply(StepNotes.ReadDecision(header, words));
                break;
        }
    }

    /// <summary>Where a piece goes.</summary>
    internal Memory<float> Accept(object from, in TensorHeader header) => header.Kind switch
    {
        TensorKind.Gradient => FindRange(header.Range)?.AcceptGradient(from, header) ?? default,
        TensorKind.Restore => FindRange(header.Range)?.AcceptRestore(from, header) ?? default,
        TensorKind.Snapshot => Volatile.Read(ref _sink)?.Accept(from, header) ?? default,
        TensorKind.Weights => AcceptWeights(from, header),
        _ => default,
    };

    /// <summary>A piece is whole.</summary>
    internal void Received(object from, in TensorHeader header)
    {
        switch (header.Kind)
        {
            case TensorKind.Gradient:
                FindRange(header.Range)?.ReceivedGradient(from, header);
                break;
            case TensorKind.Restore:
                FindRange(header.Range)?.Restored(from, header);
                break;
            case TensorKind.Snapshot:
                Volatile.Read(ref _sink)?.Received(from, header);
                break;
            case TensorKind.Weights:
                ReceivedWeights(from, header);
                break;
        }
    }

    /// <summary>A connection has ended.</summary>
    internal void Closed(object from)
    {
        RangeHost[] ranges;
        lock (_lock) ranges = [.. _ranges.Values];
        foreach (RangeHost range in ranges) range.Closed(from);
        foreach (Replica replica in _replicaList) replica.Closed(from);
        Volatile.Read(ref _sink)?.Closed(from);
    }

    private RangeHost? FindRange(int range)
    {
        lock (_lock) return _ranges.GetValueOrDefault(range);
    }

    // Pulled once a silo: the connection writes to the first engine's memory, the other engines get a copy when a piece is whole.
    private Memory<float> AcceptWeights(object from, in TensorHeader header)
    {
        Replica[] replicas = _replicaList;
        return replicas.Length == 0 ? default : replicas[0].Accept(from, header);
    }

    private void ReceivedWeights(object from, in TensorHeader header)
    {
        Replica[] replicas = _replicaList;
        if (replicas.Length == 0) return;
        int offset = _places[header.Range].Range.Offset + header.Offset;
        for (int i = 1; i < replicas.Length; i++)
        {
            Memory<float> target = replicas[i].Accept(this, header);
            if (target.IsEmpty) continue;
            replicas[0].Weights.Flat.Slice(offset, header.Count).CopyTo(target);
            replicas[i].Received(this, header);
        }

        replicas[0].Received(from, header);
    }

    private void Push(Bucket bucket)
    {
        (StepPlan plan, TreeNode node) = (bucket.Plan, bucket.Node);
        foreach (RangePlace place in _places)
        {
            BlockRange range = place.Range;
            int first = Math.Max(bucket.Offset, range.Offset), end = Math.Min(bucket.Offset + bucket.Count, range.Offset + range.Length);
            if (first >= end) continue;
            if (place.Silo == _silo.Address)
            {
                // In this silo's own memory there is nothing to send: the range takes its whole part when its first element is final.
                if (first == range.Offset)
                {
                    Memory<float> part = bucket.Vector.Elements.AsMemory(range.Offset, range.Length);
                    FindRange(range.Index)?.Push(plan.Step, node, part, bucket.Terms);
                }

                continue;
            }

            var header = new TensorHeader
            {
                Kind = TensorKind.Gradient,
                Run = _ticket.Key,
                Generation = Generation,
                Step = plan.Step,
                Range = range.Index,
                Part = node.HeapIndex(_shards),
                Offset = first - range.Offset,
                Count = end - first,
                Total = range.Length,
                Terms = bucket.Terms,
            };
            _post.Post(place.Silo, header, bucket.Vector.Elements.AsMemory(first, end - first), bucket.Vector.Send());
        }
    }

    private void TellOfStranger(TensorConnection sender)
    {
        string LineOf(string address) =>
            $"gradients of {sender.Peer} ({sender.Endpoint}) at {address} are ignored: it is no worker of the run";
        _silo.LimitedLog?.Say("stranger", $"{_ticket.Id}: {LineOf(sender.Address)}");

        // Without the port, which is another for each connection.
        string line = LineOf(sender.Address[..sender.Address.LastIndexOf(':')]);
        lock (_strangers)
        {
            if (_strangers.Count < MostStrangers && !_strangers.Contains(line)) _strangers.Add(line);
        }
    }

    private void Fail(string device, Exception fault)
    {
        string reason = fault.Message.ReplaceLineEndings(" ");
        lock (_lock)
        {
            if (_isRetired) return;
            _faults[device] = reason;
        }

        _silo.Log?.Invoke($"{_ticket.Id}: {device} failed: {reason}");
    }
}
