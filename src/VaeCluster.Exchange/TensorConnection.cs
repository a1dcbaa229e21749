namespace VaeCluster.Exchange;

/// <summary>A peer that is connected to a <see cref="TensorListener"/>.</summary>
public sealed class TensorConnection
{
    private readonly PeerStream _stream;

    /// <summary>A connection whose handshake was welcome.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="peer">The sender.</param>
    /// <param name="address">The sender's address.</param>
    internal TensorConnection(PeerStream stream, Peer peer, string address)
    {
        _stream = stream;
        (Peer, Endpoint) = (peer.Name, peer.Endpoint);
        Address = address;
    }

    /// <summary>The name that the sender gave itself.</summary>
    public string Peer { get; }

    /// <summary>Where the sender's own listener is, as it says itself: host:port; empty: it has none.</summary>
    public string Endpoint { get; }

    /// <summary>The address that the sender connects from, for messages.</summary>
    public string Address { get; }

    /// <summary>The receiver's own, for what it knows of this connection.</summary>
    public object? State { get; set; }

    /// <summary>Ends the connection, from any thread; <see cref="ITensorReceiver.Closed"/> follows on the connection's own.</summary>
    public void Close() => _stream.Abort();
}
