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
                _options.Log?.Invoke($"accepting tensors at {EndPoint}: {fault.Message}");
                Thread.Sleep(10);
            }
        }
    }

    private void Begin(Socket socket)
    {
        PeerStream stream;
        string address;
        try
        {
            address = $"{socket.RemoteEndPoint}";
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
            if (_disposed || _connections.Count >= _options.MostConnections)
            {
                stream.Dispose();
                if (!_disposed) _options.Log?.Invoke($"tensors from {address}: closed, {_connections.Count} peers are connected already");
                return;
            }

            _connections.Add(thread, stream);
            thread.Start();
        }
    }

    // Whatever one connection throws must not harm the others.
    private void Serve(PeerStream stream, string address)
    {
        TensorConnection? connection = null;
        SharedRing? ring = null;
        try
        {
            (string peer, ring) = Welcome(stream);
            connection = new TensorConnection(stream, peer, address);
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

    private void Tell(TensorConnection? connection, string address, Exception fault) =>
        _options.Log?.Invoke($"tensors from {(connection is null ? address : $"{connection.Peer} at {address}")}: {fault.Message}");

    private (string Name, SharedRing? Ring) Welcome(PeerStream stream)
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
