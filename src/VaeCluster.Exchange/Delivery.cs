using System.Net.Sockets;

namespace VaeCluster.Exchange;

/// <summary>
/// A sender's connection: made when a tensor needs it and again when it broke. One thread at a time delivers, any may <see cref="Abort"/>.
/// </summary>
/// <param name="host">The peer's name or address.</param>
/// <param name="port">The peer's port.</param>
/// <param name="options">Who this is, and limits.</param>
/// <param name="stopped">Set before <see cref="Abort"/>.</param>
internal sealed class Delivery(string host, int port, ExchangeOptions options, ManualResetEventSlim stopped) : IDisposable
{
    // Once, and twice again.
    private const int Attempts = 3;

    private readonly Lock _gate = new();
    private readonly PieceWriter _writer = new();
    private PeerStream? _stream;
    private SharedRing? _ring;

    /// <summary>The peer in messages.</summary>
    internal string Peer { get; } = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    /// <summary>Whether the last tensor got as far as a connection.</summary>
    internal bool HasReached { get; private set; }

    /// <summary>Writes a tensor, on a new connection if need be.</summary>
    /// <returns>Why it could not be done; null: it is written.</returns>
    internal ExchangeException? Deliver(in PendingSend send)
    {
        HasReached = false;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // A peer that went away while nothing was sent costs no attempt, and not the tensor either.
                if (_stream is { PeerClosed: true }) Drop();
                _stream ??= Connect();
                HasReached = true;
                _writer.Write(_stream, _ring, send.Header, send.Data.Span);
                return null;
            }
            catch (Exception fault)
            {
                Drop();
                if (stopped.IsSet) return new ExchangeException($"the exchange with {Peer} has ended");
                options.Log?.Invoke($"tensors to {Peer}: {fault.Message}");
                if (fault is ExchangeException { Refused: true } refused) return refused;
                if (attempt == Attempts) return new ExchangeException($"{Peer} was tried {Attempts} times: {fault.Message}", cause: fault);
                stopped.Wait(options.RetryPause);
            }
        }
    }

    /// <summary>Sends a tensor, if that is but a copy within the machine: nobody is waited for.</summary>
    /// <returns>False: nothing of it counts as sent.</returns>
    internal bool TryDeliverNow(in PendingSend send)
    {
        if (_stream is null || _ring?.HasRoom(send.Bytes) != true) return false;
        try
        {
            if (_stream.PeerClosed) return false;
            _writer.Write(_stream, _ring, send.Header, send.Data.Span);
            return true;
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            Drop();
            return false;
        }
    }

    /// <summary>Breaks the connection off, from any thread.</summary>
    internal void Abort()
    {
        lock (_gate) _stream?.Abort();
    }

    /// <inheritdoc/>
    public void Dispose() => Drop();

    private PeerStream Connect()
    {
        var stream = new PeerStream(new Socket(SocketType.Stream, ProtocolType.Tcp), options);
        lock (_gate) _stream = stream;
        ObjectDisposedException.ThrowIf(stopped.IsSet, this);
        bool late = false;
        using ITimer limit = options.TimeProvider.CreateTimer(
            _ =>
            {
                Volatile.Write(ref late, true);
                stream.Abort();
            },
            null, options.HandshakeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            stream.Connect(host, port);
            if (options.ClientTls?.Invoke(host) is { } tls) stream.SecureAsClient(tls);
            _ring = Handshake.Send(stream, options, Peer, options.SharedMemory > 0 && stream.IsWithinMachine);
            return stream;
        }
        catch (Exception fault) when (Volatile.Read(ref late))
        {
            throw new ExchangeException($"no answer within {options.HandshakeLimit.TotalSeconds:0.###} s", cause: fault);
        }
    }

    private void Drop()
    {
        lock (_gate)
        {
            _stream?.Dispose();
            _stream = null;
        }

        _ring?.Dispose();
        _ring = null;
    }
}
