using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace VaeCluster.Exchange;

/// <summary>A socket, with or without TLS: one thread reads and writes it by blocking calls, any may <see cref="Abort"/> it.</summary>
internal sealed class PeerStream : IDisposable
{
    private readonly Socket _socket;
    private readonly int _frameLimit;
    private SslStream? _tls;
    private bool _isLimited;

    /// <summary>Takes a socket over and sets it up.</summary>
    /// <param name="socket">Connected, or to be connected.</param>
    /// <param name="options">Buffer and limits.</param>
    internal PeerStream(Socket socket, ExchangeOptions options)
    {
        _socket = socket;
        _frameLimit = (int)options.FrameLimit.TotalMilliseconds;
        socket.NoDelay = true;
        if (options.SocketBuffer > 0) socket.SendBufferSize = socket.ReceiveBufferSize = options.SocketBuffer;
        socket.SendTimeout = (int)options.SendLimit.TotalMilliseconds;

        // A host that is gone without a word is noticed while nothing is sent.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 3);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }

    /// <summary>Whether the peer has closed its end. For a sender: after the handshake the peer never says anything else.</summary>
    internal bool PeerClosed => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Whether the peer is on this machine, and what is sent need not be encrypted.</summary>
    internal bool IsWithinMachine =>
        _tls is null && _socket is { LocalEndPoint: IPEndPoint local, RemoteEndPoint: IPEndPoint remote }
        && local.Address.Equals(remote.Address);

    /// <summary>Connects.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    internal void Connect(string host, int port) => _socket.Connect(host, port);

    /// <summary>Agrees on TLS as the side that connected.</summary>
    /// <param name="options">Certificates and checks.</param>
    internal void SecureAsClient(SslClientAuthenticationOptions options)
    {
        _tls = new SslStream(new NetworkStream(_socket));
        _tls.AuthenticateAsClient(options);
    }

    /// <summary>Agrees on TLS as the side that listened.</summary>
    /// <param name="options">Certificates and checks.</param>
    internal void SecureAsServer(SslServerAuthenticationOptions options)
    {
        _tls = new SslStream(new NetworkStream(_socket));
        _tls.AuthenticateAsServer(options);
    }

    /// <summary>Reads what there is, at least a byte.</summary>
    /// <returns>Bytes read; 0: the peer has closed.</returns>
    internal int Receive(Span<byte> into) => _tls is null ? _socket.Receive(into) : _tls.Read(into);

    /// <summary>Reads until a span is full.</summary>
    /// <exception cref="EndOfStreamException">The peer closed before.</exception>
    internal void ReceiveAll(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            int got = Receive(into);
            if (got == 0) throw new EndOfStreamException("the peer closed the connection");
            into = into[got..];
        }
    }

    /// <summary>From now on a peer must send something within <see cref="ExchangeOptions.FrameLimit"/>, or need not any more.</summary>
    /// <param name="limited">Whether it must.</param>
    internal void LimitReceiving(bool limited)
    {
        if (_isLimited == limited) return;
        _isLimited = limited;
        _socket.ReceiveTimeout = limited ? _frameLimit : 0;
    }

    /// <summary>Writes all.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        if (_tls is not null)
        {
            _tls.Write(bytes);
            return;
        }

        while (!bytes.IsEmpty) bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Lets the kernel keep a last short segment back, so that a header does not travel, and wake the peer, by itself.</summary>
    /// <param name="hold">False: send what was kept back.</param>
    internal void HoldBack(bool hold)
    {
        // TCP_CORK is Linux's own; elsewhere each write leaves at once.
        if (OperatingSystem.IsLinux() && _tls is null)
            _socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, 3, hold ? [1, 0, 0, 0] : [0, 0, 0, 0]);
    }

    /// <summary>Says that nothing more will be sent, so that what was sent last arrives before the end.</summary>
    internal void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection from any thread; calls that wait on it fail.</summary>
    internal void Abort()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception alreadyOver) when (alreadyOver is SocketException or ObjectDisposedException)
        {
        }

        _socket.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }
}
