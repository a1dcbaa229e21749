using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Exchange;

/// <summary>Listens for senders; each connection is read on a thread of its own.</summary>
public sealed class TensorListener : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Thread, PeerStream> _connections = [];
    private readonly ITensorReceiver _receiver;
    private readonly ExchangeOptions _options;
    private readonly LimitedLog _log;
    private readonly Dictionary<IPAddress, int> _handshakes = [];
    private readonly Socket _socket;
    private readonly Thread _accepting;
    private bool _disposed;

    /// <summary>Begins to listen.</summary>
    /// <param name="endPoint">Where; port 0: a free one.</param>
    /// <param name="receiver">Takes the pieces of every connection.</param>
    /// <param name="options">Who this is, and limits.</param>
    /// <exception cref="SocketException">The endpoint is taken, or not this machine's.</exception>
    public TensorListener(IPEndPoint endPoint, ITensorReceiver receiver, ExchangeOptions options)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("tensors are exchanged between little-endian machines");
        (_receiver, _options) = (receiver, options);
        _log = new LimitedLog(options.Log, options.TimeProvider);
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The size of the window is agreed on while connecting, so the buffer is set before.
            if (options.SocketBuffer > 0) _socket.ReceiveBufferSize = options.SocketBuffer;
            _socket.Bind(endPoint);
            _socket.Listen(512);
            EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _accepting = new Thread(AcceptAll) { IsBackground = true, Name = $"tensors at {EndPoint}" };
        _accepting.Start();
    }

    /// <summary>Where it listens, with the port that was found.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Closes every connection. No receiver is called any more when this returns, but from within a call.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            threads = [_accepting, .. _connections.Keys];
            foreach (PeerStream stream in _connections.Values) stream.Abort();
        }

        _socket.Dispose();
        foreach (Thread thread in threads)
        {
            if (thread != Thread.CurrentThread) thread.Join();
        }
    }

    private void AcceptAll()
    {
        while (!Volatile.Read(ref _disposed))
        {
            try
            {
                Begin(_socket.Accept());
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                if (Volatile.Read(ref _disposed)) return;

                // Out of descriptors, or a peer that was gone before it was accepted: neither ends the listening.
                _log.Say("accept", $"accepting tensors at {EndPoint}: {fault.Message}");
                Thread.Sleep(10);
            }
        }
    }

    private void Begin(Socket socket)
    {
        PeerStream stream;
        IPEndPoint address;
        try
        {
            address = (IPEndPoint)socket.RemoteEndPoint!;
            stream = new PeerStream(socket, _options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var thread = new Thread(() => Serve(stream, address)) { IsBackground = true, Name = $"tensors from {address}" };
        lock (_gate)
        {
            if (_disposed || WhyFull_NeedsLock(address.Address) is { } full && Say("full", $"tensors from {address}: closed, {full}"))
            {
                stream.Dispose();
                return;
            }

            _connections.Add(thread, stream);
            _handshakes[address.Address] = _handshakes.GetValueOrDefault(address.Address) + 1;
            thread.Start();
        }
    }

    // Strangers can fill the places of those who have not yet proved who they are, and no others.
    private string? WhyFull_NeedsLock(IPAddress address)
    {
        if (_connections.Count >= _options.MostConnections) return $"{_connections.Count} peers are connected already";
        int handshakes = _handshakes.Values.Sum(), own = _handshakes.GetValueOrDefault(address);
        return own >= _options.MostHandshakesOfAddress || handshakes >= _options.MostHandshakes
            ? $"{handshakes} peers have not yet said who they are, {own} of them at this address"
            : null;
    }

    private bool Say(string kind, string line)
    {
        _log.Say(kind, line);
        return true;
    }

    private void HandshakeOver(IPAddress address)
    {
        lock (_gate)
        {
            int left = _handshakes[address] - 1;
            if (left == 0) _handshakes.Remove(address);
            else _handshakes[address] = left;
        }
    }

    // Whatever one connection throws must not harm the others.
    private void Serve(PeerStream stream, IPEndPoint address)
    {
        TensorConnection? connection = null;
        SharedRing? ring = null;
        try
        {
            Peer peer;
            try
            {
                (peer, ring) = Welcome(stream);
            }
            finally
            {
                HandshakeOver(address.Address);
            }

            connection = new TensorConnection(stream, peer, $"{address}");
            new PieceReader(stream, connection, _receiver, ring).Run();
        }
        catch (Exception fault)
        {
            if (!Volatile.Read(ref _disposed)) Tell(connection, address, fault);
        }

        try
        {
            stream.Dispose();
            ring?.Dispose();
            if (connection is not null) _receiver.Closed(connection);
        }
        catch (Exception fault)
        {
            Tell(connection, address, fault);
        }

        lock (_gate) _connections.Remove(Thread.CurrentThread);
    }

    private void Tell(TensorConnection? connection, IPEndPoint address, Exception fault) => _log.Say(
        connection is null ? "handshake" : "connection",
        $"tensors from {(connection is null ? $"{address}" : $"{connection.Peer} at {address}")}: {fault.Message}");

    private (Peer Sender, SharedRing? Ring) Welcome(PeerStream stream)
    {
        bool late = false;
        using ITimer limit = _options.TimeProvider.CreateTimer(
            _ =>
            {
                Volatile.Write(ref late, true);
                stream.Abort();
            },
            null, _options.HandshakeLimit, Timeout.InfiniteTimeSpan);
        try
        {
            if (_options.ServerTls?.Invoke() is { } tls) stream.SecureAsServer(tls);
            return Handshake.Receive(stream, _options);
        }
        catch (Exception fault) when (Volatile.Read(ref late))
        {
            throw new ExchangeException($"no handshake within {_options.HandshakeLimit.TotalSeconds:0.###} s", cause: fault);
        }
    }
}
