using VaeCluster.Training.InProcess;

namespace VaeCluster.Training.Exchange;

/// <summary>
/// Sends tensors to one peer, in the order of posting, on a thread of its own that connects at the first tensor and sleeps when there is
/// none. A tensor that was not written whole when the connection broke is sent again from its first piece on a new one, twice at most. One
/// that was written whole is not known to have arrived: that is for the receiver to say.
/// </summary>
public sealed class TensorSender : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Posting> _queue = new();

    // No spinning of its own: measured on two cores, it keeps the peer's thread from the core it needs to answer.
    private readonly Waiter _waiter = new(spins: 0);
    private readonly ManualResetEventSlim _stopped = new();
    private readonly Delivery _delivery;
    private readonly ExchangeOptions _options;
    private readonly Thread _thread;
    private long _queuedBytes;
    private int _changes;

    /// <summary>Starts the thread; nothing is connected yet.</summary>
    /// <param name="host">The peer's name or address.</param>
    /// <param name="port">The peer's port.</param>
    /// <param name="options">Who this is, and limits.</param>
    public TensorSender(string host, int port, ExchangeOptions options)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("tensors are exchanged between little-endian machines");
        _options = options;
        _delivery = new Delivery(host, port, options, _stopped);
        _thread = new Thread(Serve) { IsBackground = true, Name = $"tensors to {_delivery.Peer}" };
        _thread.Start();
    }

    /// <summary>Bytes of the tensors that were posted and not yet written.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Sends a tensor. Never waits.</summary>
    /// <param name="header">
    /// Of the tensor; <see cref="TensorHeader.Count"/> is filled in. <see cref="TensorHeader.Total"/> covers offset and data; 0: the data
    /// is the whole tensor.
    /// </param>
    /// <param name="data">The elements, at least one; left alone until <paramref name="sent"/> is called.</param>
    /// <param name="sent">
    /// Called once, on the sender's thread, with null when all is written, or with what went wrong; at once, on the caller's, after
    /// the end.
    /// </param>
    /// <exception cref="ArgumentException">No elements, or a header that does not fit them.</exception>
    public void Post(in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent)
    {
        if (data.IsEmpty) throw new ArgumentException("a tensor has at least one element", nameof(data));
        if (header.Kind is < TensorKind.Gradient or > TensorKind.Snapshot)
            throw new ArgumentException($"no kind of tensor: {header.Kind}", nameof(header));
        int total = header.Total == 0 ? data.Length : header.Total;
        if (header.Offset < 0 || header.Offset > total - data.Length)
            throw new ArgumentException($"{data.Length} elements at {header.Offset} of {total}", nameof(header));
        var posting = new Posting(header with { Total = total }, data, sent);
        lock (_gate)
        {
            if (!_stopped.IsSet)
            {
                Interlocked.Add(ref _queuedBytes, posting.Bytes);
                _queue.Enqueue(posting);
                Interlocked.Increment(ref _changes);
                _waiter.Wake();
                return;
            }
        }

        sent?.Invoke(Ended());
    }

    /// <summary>
    /// Closes the connection. Tensors not yet written fail; none is read any more when this returns, but from within a callback.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped.IsSet) return;
            _stopped.Set();
            Interlocked.Increment(ref _changes);
            _waiter.Wake();
        }

        _delivery.Abort();
        if (Thread.CurrentThread == _thread) return;
        _thread.Join();
        _waiter.Dispose();
    }

    private void Serve()
    {
        while (!_stopped.IsSet)
        {
            int seen = Volatile.Read(ref _changes);
            if (!TryTake(out Posting posting))
            {
                _waiter.WaitWhile(ref _changes, seen);
                continue;
            }

            Exception? fault = _delivery.Deliver(in posting);
            Finish(in posting, fault);

            // A peer that cannot be reached is not tried anew for everything that waits.
            if (fault is not null && !_delivery.HasReached) FinishAll(fault);
        }

        _delivery.Dispose();
        FinishAll(Ended());
    }

    // A callback's fault must not end the thread that others' tensors wait for.
    private void Finish(in Posting posting, Exception? fault)
    {
        Interlocked.Add(ref _queuedBytes, -posting.Bytes);
        try
        {
            posting.Sent?.Invoke(fault);
        }
        catch (Exception thrown)
        {
            _options.Log?.Invoke($"after a tensor to {_delivery.Peer}: {thrown.Message}");
        }
    }

    private void FinishAll(Exception fault)
    {
        // Those posted from now on are tried.
        int waiting;
        lock (_gate) waiting = _queue.Count;
        for (; waiting > 0 && TryTake(out Posting posting); waiting--) Finish(in posting, fault);
    }

    private bool TryTake(out Posting posting)
    {
        lock (_gate) return _queue.TryDequeue(out posting);
    }

    private ExchangeException Ended() => new($"the exchange with {_delivery.Peer} has ended");
}
