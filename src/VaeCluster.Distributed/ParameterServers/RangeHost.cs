using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Reduction;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Pieces;
using VaeCluster.Exchange;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.ParameterServers;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.ParameterServers;

/// <summary>
/// The parameter server of one range in one generation, between the tensors that arrive on connections' threads and the calls of the
/// coordinator. A gradient's node counts once all its pieces are there. What belongs to another step is refused before a byte of it is
/// kept.
/// </summary>
internal sealed class RangeHost
{
    private const int BlocksWorthSharing = 64;

    private readonly Lock _lock = new(), _applying = new();
    private readonly ITensorPost _post;
    private readonly SiloEndpoint _own;
    private readonly PhaseTimeline _timeline;
    private readonly Action<TensorConnection>? _onStranger;
    private readonly RangeOpening _opening;
    private readonly IOptimizer _optimizer;
    private readonly int _shards;
    private readonly float[][] _moments;
    private readonly Dictionary<(object From, int Part), GradientInbox> _inboxes = [];
    private readonly Dictionary<SiloEndpoint, Subscriber> _subscribers = [];
    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TensorAssembly[] _restoring;
    private readonly HashSet<string> _admitted;
    private float[] _weights;
    private readonly ParameterServer _server;
    private TaskCompletionSource<RangeGradient> _current = NewRoot(), _next = NewRoot();
    private int _step;
    private bool _reducing;

    /// <summary>A range whose weights are still to come.</summary>
    /// <param name="opening">Which range, of what.</param>
    /// <param name="range">Its place in the flat vector.</param>
    /// <param name="shards">Shards of a batch.</param>
    /// <param name="optimizer">Applies the updates.</param>
    /// <param name="own">This silo.</param>
    /// <param name="post">Sends the weights.</param>
    /// <param name="timeline">Told of its phases.</param>
    /// <param name="onStranger">Told of a connection that sends gradients and is no worker of the run.</param>
    internal RangeHost(
        RangeOpening opening, BlockRange range, int shards, IOptimizer optimizer, SiloEndpoint own, ITensorPost post,
        PhaseTimeline timeline, Action<TensorConnection>? onStranger = null)
    {
        _onStranger = onStranger;
        _opening = opening;
        Range = range;
        _shards = shards;
        _optimizer = optimizer;
        _own = own;
        _post = post;
        _timeline = timeline;
        _weights = GC.AllocateArray<float>(range.Length, pinned: true);
        _moments = [.. Enumerable.Range(0, optimizer.Moments).Select(_ => GC.AllocateArray<float>(range.Length, pinned: true))];
        _restoring = [.. Enumerable.Range(0, 1 + _moments.Length).Select(_ => new TensorAssembly(range.Length))];
        _admitted = [.. opening.Subscribers.Select(silo => silo.ToString()), own.ToString()];
        _server = MakeServer();
        foreach (SiloEndpoint silo in opening.Subscribers) _subscribers[silo] = new Subscriber();
        Begin(opening.Step + 1);
    }

    internal BlockRange Range { get; }

    internal int Generation => _opening.Generation;

    /// <summary>Times of the phases since the range was opened.</summary>
    internal RangeClock Clock { get; } = new();

    /// <summary>Completes when weights and moments are there; the weights then go to the subscribers.</summary>
    internal async Task CommitAsync()
    {
        await _restored.Task.ConfigureAwait(false);
        lock (_lock)
        {
            PublishAll_NeedsLock();
        }
    }

    /// <summary>A silo gets the current version and all that follow.</summary>
    internal void Subscribe(SiloEndpoint silo)
    {
        lock (_lock)
        {
            _admitted.Add(silo.ToString());
            if (_subscribers.TryGetValue(silo, out Subscriber? known)) known.SentVersion = -1;
            else _subscribers[silo] = new Subscriber();
            if (_restored.Task.IsCompleted) Publish_NeedsLock(silo);
        }
    }

    /// <summary>The root of a step, when it is there.</summary>
    /// <param name="step">The step in progress or the next.</param>
    internal Task<RangeGradient> RootOf(int step)
    {
        lock (_lock)
        {
            if (step == _step) return _current.Task;
            if (step == _step + 1) return _next.Task;
            throw new InvalidOperationException($"range {Range.Index} is at step {_step}, not {step}");
        }
    }

    /// <summary>The shards that have not arrived.</summary>
    internal IReadOnlyList<int> Missing(int step)
    {
        lock (_lock)
        {
            return step == _step ? _server.MissingShards : step > _step ? [.. Enumerable.Range(0, _shards)] : [];
        }
    }

    /// <summary>Applies a decision to every block and turns to the next step. One that is told twice is applied once.</summary>
    /// <returns>False: the step is not the one in progress, or its root is not there.</returns>
    internal bool Apply(UpdateDecision decision)
    {
        // The second to tell waits until the first has been obeyed.
        lock (_applying)
        {
            lock (_lock)
            {
                if (decision.Step < _step) return true;
                if (decision.Step != _step || !_current.Task.IsCompletedSuccessfully) return false;
            }

            ApplyNow(decision);
            return true;
        }
    }

    private void ApplyNow(UpdateDecision decision)
    {
        long started = RangeClock.Now;
        if (decision.Apply)
        {
            // What is still on its way to a silo that lags must not change under it.
            bool lags;
            lock (_lock) lags = _subscribers.Values.Any(subscriber => subscriber.IsSending);
            if (lags) MoveWeights();
            ForBlocks(block => _server.ApplyBlock(block, decision.Update));
        }

        lock (_lock)
        {
            Note(StepPhase.Reduce, decision.Step, started);
            StepTraces.Add("apply", decision.Trace, started, decision.Step, FormattableString.Invariant($"range {Range.Index}"));
            Clock.Applied(started);
            (_current, _next) = (_next, NewRoot());
            Begin(decision.Step + 1);
            PublishAll_NeedsLock();
        }
    }

    /// <summary>Sends weights and moments for a snapshot.</summary>
    /// <param name="silo">The silo that waits for it.</param>
    /// <param name="step">Steps that the weights have seen.</param>
    /// <param name="moments">Whether the moments too.</param>
    internal async Task SendAsync(SiloEndpoint silo, int step, bool moments)
    {
        lock (_lock)
        {
            if (step != _step - 1) throw new InvalidOperationException($"range {Range.Index} has weights of step {_step - 1}, not {step}");
        }

        float[][] vectors = moments ? [_weights, .. _moments] : [_weights];
        var sendings = new List<Task>();
        for (int part = 0; part < vectors.Length; part++)
        {
            var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _post.Post(silo, HeaderOf(TensorKind.Snapshot, step, part), vectors[part], fault => Complete(sent, fault));
            sendings.Add(sent.Task);
        }

        await Task.WhenAll(sendings).ConfigureAwait(false);
    }

    /// <summary>The generation is over: whoever waits is told so.</summary>
    /// <param name="newest">The generation that replaced this one.</param>
    internal void Retire(int newest)
    {
        var fault = new StaleGenerationException(Generation, newest);
        lock (_lock)
        {
            _step = int.MinValue; // nothing is accepted any more
            _subscribers.Clear();
            foreach (TaskCompletionSource<RangeGradient> root in new[] { _current, _next })
            {
                root.TrySetException(fault);
                _ = root.Task.Exception;
            }
        }

        _restored.TrySetException(fault);
        _ = _restored.Task.Exception;
    }

    /// <summary>Where a piece of a restored tensor goes.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    internal Memory<float> AcceptRestore(object from, in TensorHeader header)
    {
        if (header.Part < 0 || header.Part > _moments.Length || !Fits(header)) return default;
        lock (_lock)
        {
            if (_restored.Task.IsCompleted) return default;
            _restoring[header.Part].Accept(from);
        }

        return (header.Part == 0 ? _weights : _moments[header.Part - 1]).AsMemory(header.Offset, header.Count);
    }

    /// <summary>A piece of a restored tensor is whole.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    internal void Restored(object from, in TensorHeader header)
    {
        lock (_lock)
        {
            _restoring[header.Part].Receive(from, header);
            RestoredIfWhole_NeedsLock();
        }
    }

    /// <summary>Where a piece of a node's gradient goes; nowhere, if the node would not count.</summary>
    /// <param name="from">The connection: a buffer belongs to one, so that no two threads ever write to it.</param>
    /// <param name="header">The piece.</param>
    internal Memory<float> AcceptGradient(object from, in TensorHeader header)
    {
        lock (_lock)
        {
            if (!Fits(header) || NodeOf(header.Part) is not { } node) return default;
            if (from is TensorConnection sender && !_admitted.Contains(sender.Endpoint))
            {
                if (header.Offset == 0) TrainingInstruments.Drop(DropReason.Stranger);
                _onStranger?.Invoke(sender);
                return default;
            }

            if (header.Step != _step || _reducing || !_server.Wants(node))
            {
                if (header.Offset == 0) Dropped_NeedsLock(header.Step);
                return default;
            }

            if (!_inboxes.TryGetValue((from, header.Part), out GradientInbox? inbox))
                _inboxes[(from, header.Part)] = inbox = new GradientInbox(GC.AllocateUninitializedArray<float>(Range.Length, pinned: true));
            if (inbox.Step != header.Step) inbox.Begin(header.Step);
            return inbox.Vector.AsMemory(header.Offset, header.Count);
        }
    }

    /// <summary>A piece of a node's gradient is whole.</summary>
    internal void ReceivedGradient(object from, in TensorHeader header)
    {
        bool complete;
        lock (_lock)
        {
            if (header.Step != _step || !_inboxes.TryGetValue((from, header.Part), out GradientInbox? inbox) || inbox.Step != _step) return;
            inbox.Arrived.Add(header.Offset, header.Count);
            if (inbox.Arrived.Count < Range.Length) return;
            complete = Push_NeedsLock(NodeOf(header.Part)!.Value, inbox.Vector, header.Terms);
        }

        if (complete) Reduce();
    }

    /// <summary>Takes a node of a worker of this silo, in its own memory.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="node">The node of the tree over the shards.</param>
    /// <param name="gradient">
    /// The range's part of the gradient; it is added to in place and left alone by the worker until the next step.
    /// </param>
    /// <param name="terms">The node's sums.</param>
    internal void Push(int step, TreeNode node, Memory<float> gradient, LossTerms terms)
    {
        bool complete;
        lock (_lock)
        {
            if (step != _step || _reducing)
            {
                Dropped_NeedsLock(step);
                return;
            }

            complete = Push_NeedsLock(node, gradient, terms);
        }

        if (complete) Reduce();
    }

    /// <summary>A connection has ended; its buffers go.</summary>
    internal void Closed(object from)
    {
        lock (_lock)
        {
            foreach ((object From, int Part) key in _inboxes.Keys.Where(key => ReferenceEquals(key.From, from)).ToArray())
                _inboxes.Remove(key);
            foreach (TensorAssembly part in _restoring) part.Close(from);
            RestoredIfWhole_NeedsLock();
        }
    }

    private void RestoredIfWhole_NeedsLock()
    {
        if (Array.TrueForAll(_restoring, part => part.IsWhole)) _restored.TrySetResult();
    }

    private static TaskCompletionSource<RangeGradient> NewRoot() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Complete(TaskCompletionSource sent, Exception? fault)
    {
        if (fault is null) sent.TrySetResult();
        else sent.TrySetException(fault);
    }

    private bool Push_NeedsLock(TreeNode node, Memory<float> gradient, LossTerms terms)
    {
        if (_server.IsComplete || _server.Push(Generation, _step, node, gradient, terms) != PushOutcome.Accepted) return false;
        Clock.Arrived();
        if (!_server.IsComplete) return false;
        return _reducing = true;
    }

    // Outside of the lock: nothing is accepted between the last node and the next step.
    private void Reduce()
    {
        long started = RangeClock.Now;
        var squares = new double[Range.Blocks];
        ForBlocks(block => squares[block - Range.FirstBlock] = _server.ReduceBlock(block));
        TaskCompletionSource<RangeGradient> root;
        int step;
        lock (_lock) (root, step) = (_current, _step);
        Clock.Reduced(started);
        Note(StepPhase.Reduce, step, started);
        var gradient = new RangeGradient(_server.Terms, squares);
        root.TrySetResult(gradient);
        if (_opening.Coordinator is { } coordinator && StepNotes.Write(gradient) is { } words)
            _post.Post(coordinator, HeaderOf(TensorKind.Root, step, 0) with { Count = words.Length, Total = words.Length }, words, null);
    }

    private void Note(StepPhase phase, int step, long started)
    {
        long ended = RangeClock.Now;
        TrainingInstruments.Phase(phase, started, ended);
        _timeline.Add(null, phase, step, started, ended);
    }

    private void Dropped_NeedsLock(int step)
    {
        if (step < _step) TrainingInstruments.Arrived(_step - step);
        TrainingInstruments.Drop(step == _step ? DropReason.Duplicate : DropReason.Stale);
    }

    private void ForBlocks(Action<int> work)
    {
        int end = Range.FirstBlock + Range.Blocks;
        if (Range.Blocks >= BlocksWorthSharing && Environment.ProcessorCount > 2)
        {
            Parallel.For(Range.FirstBlock, end, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount / 2 }, work);
            return;
        }

        for (int block = Range.FirstBlock; block < end; block++) work(block);
    }

    private void Begin(int step)
    {
        // Buffers that the last step did not use belong to an assignment that is no more.
        foreach ((object From, int Part) key in _inboxes.Where(entry => entry.Value.Step < step - 1).Select(entry => entry.Key).ToArray())
            _inboxes.Remove(key);
        _step = step;
        _reducing = false;
        _server.Begin(Generation, step);
        Clock.Began();
    }

    private void MoveWeights()
    {
        float[] copy = GC.AllocateUninitializedArray<float>(_weights.Length, pinned: true);
        _weights.CopyTo(copy, 0);
        _weights = copy;
        _server.Weights = copy;
    }

    private ParameterServer MakeServer() => new(Range, _shards, _optimizer, _weights, [.. _moments.Select(moment => moment.AsMemory())]);

    // What has a long way goes first: to this silo itself it is a copy, made here and now.
    private void PublishAll_NeedsLock()
    {
        foreach (SiloEndpoint silo in _subscribers.Keys.OrderBy(silo => silo == _own)) Publish_NeedsLock(silo);
    }

    // One version at a time is on its way to a silo; one that lags gets the newest when it has taken the last.
    private void Publish_NeedsLock(SiloEndpoint silo)
    {
        Subscriber subscriber = _subscribers[silo];
        int version = _step - 1;
        if (subscriber.IsSending || subscriber.SentVersion == version) return;
        subscriber.IsSending = true;
        subscriber.SentVersion = version;
        long started = RangeClock.Now;
        _post.Post(silo, HeaderOf(TensorKind.Weights, version, 0), _weights, fault =>
        {
            if (fault is null) Note(StepPhase.Pull, version, started);
            Published(silo, subscriber, fault);
        });
    }

    private void Published(SiloEndpoint silo, Subscriber subscriber, Exception? fault)
    {
        lock (_lock)
        {
            subscriber.IsSending = false;
            if (!_subscribers.TryGetValue(silo, out Subscriber? current) || current != subscriber) return;

            // A silo that cannot be reached is gone or will be subscribed anew; nobody waits for it.
            if (fault is not null) _subscribers.Remove(silo);
            else Publish_NeedsLock(silo);
        }
    }

    private TensorHeader HeaderOf(TensorKind kind, int step, int part) => new()
    {
        Kind = kind,
        Run = _opening.Ticket.Key,
        Generation = Generation,
        Step = step,
        Range = Range.Index,
        Part = part,
        Offset = 0,
        Count = Range.Length,
        Total = Range.Length,
    };

    private bool Fits(in TensorHeader header) =>
        header.Total == Range.Length && header.Offset >= 0 && header.Count > 0 && header.Count <= Range.Length - header.Offset;

    private TreeNode? NodeOf(int part) => TreeNode.IsHeapIndex(part, _shards) ? TreeNode.AtHeapIndex(part, _shards) : null;

    private sealed class Subscriber
    {
        internal bool IsSending { get; set; }

        internal int SentVersion { get; set; } = -1;
    }
}

/// <summary>Where the pieces of one node's gradient from one connection come together.</summary>
/// <param name="vector">As long as the range.</param>
internal sealed class GradientInbox(float[] vector)
{
    internal float[] Vector { get; } = vector;

    /// <summary>The step that they belong to.</summary>
    internal int Step { get; private set; } = -1;

    /// <summary>What has arrived; a worker that is asked again sends again.</summary>
    internal PieceSet Arrived { get; } = new();

    /// <summary>Pieces of a node follow.</summary>
    internal void Begin(int step)
    {
        Step = step;
        Arrived.Clear();
    }
}
