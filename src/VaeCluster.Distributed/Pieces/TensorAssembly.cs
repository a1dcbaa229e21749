using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Pieces;

/// <summary>
/// Puts one tensor together out of its pieces. A tensor is sent again on a new connection when the old one breaks, while the old one may
/// still bring what had been on its way: elements are counted, not pieces, and the tensor is whole only when nobody writes to it any more.
/// Not thread-safe: its owner holds a lock.
/// </summary>
/// <param name="length">Elements of the tensor.</param>
internal sealed class TensorAssembly(int length)
{
    private readonly PieceSet _arrived = new();

    // Connections that have been given memory for a piece that has not arrived yet; each brings one piece at a time.
    private readonly HashSet<object> _writing = [];

    /// <summary>Whether all elements have arrived and none is being written.</summary>
    internal bool IsWhole => _arrived.Count == length && _writing.Count == 0;

    /// <summary>Whether a connection other than this one is writing.</summary>
    /// <param name="from">The connection.</param>
    internal bool IsWrittenByOthers(object from) => _writing.Count > (_writing.Contains(from) ? 1 : 0);

    /// <summary>Another tensor follows, of the same length; nobody may be writing.</summary>
    internal void Clear() => _arrived.Clear();

    /// <summary>A connection is given memory for a piece.</summary>
    /// <param name="from">The connection.</param>
    internal void Accept(object from) => _writing.Add(from);

    /// <summary>A piece has arrived.</summary>
    /// <param name="from">The connection.</param>
    /// <param name="header">The piece.</param>
    internal void Receive(object from, in TensorHeader header)
    {
        if (_writing.Remove(from)) _arrived.Add(header.Offset, header.Count);
    }

    /// <summary>A connection has ended; its last piece never arrives.</summary>
    /// <param name="from">The connection.</param>
    internal void Close(object from) => _writing.Remove(from);

    /// <summary>Ends the connections that are writing, other than this one; each then calls <see cref="Close"/>.</summary>
    /// <param name="from">The connection.</param>
    internal void CutOffOthers(object from)
    {
        foreach (object writer in _writing)
            if (writer != from) (writer as TensorConnection)?.Close();
    }
}
