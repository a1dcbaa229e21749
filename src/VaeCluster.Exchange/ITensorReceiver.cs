namespace VaeCluster.Exchange;

/// <summary>
/// Where pieces of tensors go. Called on the connection's own thread, one call at a time for a connection, but side by side for several.
/// An exception closes the connection it came from and no other.
/// </summary>
public interface ITensorReceiver
{
    /// <summary>
    /// Asks for the memory that a piece is read into, straight from the socket. Until <see cref="Received"/> or <see cref="Closed"/> is
    /// called, it holds anything.
    /// </summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    /// <returns>Exactly <see cref="TensorHeader.Count"/> elements; or none: the piece is refused, its bytes are read and dropped.</returns>
    Memory<float> Accept(TensorConnection from, in TensorHeader header);

    /// <summary>A piece is whole and its checksum right. Not called for a refused one.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    void Received(TensorConnection from, in TensorHeader header);

    /// <summary>The connection has ended; a piece that was accepted and not received never will be. Called once, last.</summary>
    /// <param name="from">The connection.</param>
    void Closed(TensorConnection from);
}
