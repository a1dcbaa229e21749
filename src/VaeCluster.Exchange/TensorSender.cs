namespace VaeCluster.Exchange;

/// <summary>
/// Sends tensors to one peer, in the order they were posted, on a thread of its own that connects at the first tensor and sleeps when there
/// is none; to a peer that shares memory, on the poster's while nothing waits. A tensor that was not written whole when the connection
/// broke is sent again from its first piece on a new one, twice at most. One that was written whole is not known to have arrived: that is
/// for the receiver to say.
/// </summary>
public sealed class TensorSender : IDisposable
{
    private readonly ParkingQueue<PendingSend> _queue = new();
    private readonly ManualResetEventSlim _stopped = new();
    private readonly Lock _turn = new();
    private readonly Delivery _delivery;
    private readonly ExchangeOptions _options;
    private readonly Thread _thread;
    private long _queuedBytes;

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
    /// Called once, with null when all is written, or with what went wrong: on the sender's thread, or before this returns, on the
    /// caller's.
    /// </param>
    /// <exception cref="ArgumentException">No elements, or a header that does not fit them.</exception>
    public void Post(in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent)
    {
        if (data.IsEmpty) throw new ArgumentException("a tensor has at least one element", nameof(data));
        if (!header.Kind.IsKnown()) throw new ArgumentException($"no kind of tensor: {header.Kind}", nameof(header));
        int total = header.Total == 0 ? data.Length : header.Total;
        if (header.Offset < 0 || header.Offset > total - data.Length)
            throw new ArgumentException($"{data.Length} elements at {header.Offset} of {total}", nameof(header));
        var send = new PendingSend(header with { Total = total }, data, sent);
        if (TrySendNow(in send)) return;
        Interlocked.Add(ref _queuedBytes, send.Bytes);
        if (_queue.TryAdd(send)) return;
        Interlocked.Add(ref _queuedBytes, -send.Bytes);
        sent?.Invoke(Ended());
    }

    /// <summary>
    /// Closes the connection. Tensors not yet written fail; none is read any more when this returns, but from within a callback.
    /// </summary>
    public void Dispose()
    {
        if (_stopped.IsSet) return;
        _stopped.Set();
        _queue.Close();
        _delivery.Abort();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Serve()
    {
        while (_queue.TryTake(out PendingSend send))
        {
            if (_stopped.IsSet)
            {
                Finish(in send, Ended());
                continue;
            }

            Exception? fault;
            lock (_turn) fault = _delivery.Deliver(in send);
            Finish(in send, fault);

            // A peer that cannot be reached is not tried anew for everything that waits; those posted from now on are.
            if (fault is null || _delivery.HasReached) continue;
            for (int waiting = _queue.Count; waiting > 0 && _queue.TryTake(out send); waiting--) Finish(in send, fault);
        }

        lock (_turn) _delivery.Dispose();
    }

    // Where nothing waits and the peer shares memory, sending is a copy: to wake another thread, that stands behind those who compute,
    // takes longer.
    private bool TrySendNow(in PendingSend send)
    {
        if (!_turn.TryEnter()) return false;
        try
        {
            if (_stopped.IsSet || Interlocked.CompareExchange(ref _queuedBytes, send.Bytes, 0) != 0) return false;
            if (!_delivery.TryDeliverNow(in send))
            {
                Interlocked.Add(ref _queuedBytes, -send.Bytes);
                return false;
            }
        }
        finally
        {
            _turn.Exit();
        }

        Finish(in send, null);
        return true;
    }

    // A callback's fault must not end the thread that others' tensors wait for.
    private void Finish(in PendingSend send, Exception? fault)
    {
        Interlocked.Add(ref _queuedBytes, -send.Bytes);
        try
        {
            send.Sent?.Invoke(fault);
        }
        catch (Exception thrown)
        {
            _options.Log?.Invoke($"after a tensor to {_delivery.Peer}: {thrown.Message}");
        }
    }

    private ExchangeException Ended() => new($"the exchange with {_delivery.Peer} has ended");
}

/// <summary>A tensor that waits to be sent.</summary>
/// <param name="Header">Of the whole tensor.</param>
/// <param name="Data">Its elements; the poster leaves them alone until <paramref name="Sent"/> is called.</param>
/// <param name="Sent">Told that it was written, or why not.</param>
internal readonly record struct PendingSend(TensorHeader Header, ReadOnlyMemory<float> Data, Action<Exception?>? Sent)
{
    /// <summary>Bytes of the elements.</summary>
    internal long Bytes => (long)sizeof(float) * Data.Length;
}
