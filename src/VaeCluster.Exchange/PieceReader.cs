using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VaeCluster.Exchange;

/// <summary>Reads pieces from a connection straight to where its receiver wants them. Nothing is allocated for a piece.</summary>
/// <param name="stream">The connection.</param>
/// <param name="connection">What the receiver knows it as.</param>
/// <param name="receiver">Takes the pieces.</param>
/// <param name="ring">Memory that the sender shares; null: none.</param>
internal sealed class PieceReader(PeerStream stream, TensorConnection connection, ITensorReceiver receiver, SharedRing? ring)
{
    // A slice's checksum is computed while it is in the core's own cache and the peer writes the next one.
    private const int Slice = 256 << 10;

    // Holds what comes between two payloads, and never a byte of a payload.
    private readonly byte[] _between = new byte[HeaderFormat.ChecksumSize + HeaderFormat.Size];
    private byte[] _dropped = [];
    private int _start;
    private int _end;

    /// <summary>Reads until the peer closes the connection between two pieces.</summary>
    /// <exception cref="IOException">The connection broke, or what came is not in the wire format.</exception>
    internal void Run()
    {
        while (TryFill(HeaderFormat.Size, HeaderFormat.Size))
        {
            string? fault = HeaderFormat.Read(Take(HeaderFormat.Size), out TensorHeader header, out uint? sharedChecksum);
            if (fault is not null) throw new ExchangeException(fault);
            bool shared = sharedChecksum is not null;
            if (shared && ring is null) throw new ExchangeException("a payload in shared memory, and there is none");
            if (!shared) stream.LimitReceiving(true);
            Memory<float> into = receiver.Accept(connection, in header);
            if (into.IsEmpty)
            {
                if (shared) ring!.Skip(header.Count * sizeof(float));
                else Drop(header.Count * sizeof(float));
                if (!shared) stream.LimitReceiving(false);
                continue;
            }

            if (into.Length != header.Count)
                throw new InvalidOperationException($"memory for {into.Length} elements was given, not {header.Count}");
            Span<byte> payload = MemoryMarshal.AsBytes(into.Span);
            if (shared) ring!.Read(payload);
            bool isRight = shared ? PayloadChecksum.Of(payload) == sharedChecksum : ReadPayload(payload) == ReadChecksum();
            if (!isRight) throw new ExchangeException("the checksum of a payload is wrong");
            if (!shared) stream.LimitReceiving(false);
            receiver.Received(connection, in header);
        }
    }

    private uint ReadPayload(Span<byte> into)
    {
        var checksum = new PayloadChecksum();
        int filled = 0, summed = 0;
        while (filled < into.Length)
        {
            int got = stream.Receive(into.Slice(filled, Math.Min(Slice, into.Length - filled)));
            if (got == 0) throw new EndOfStreamException("the connection ended within a piece");
            filled += got;
            int whole = filled - (filled % PayloadChecksum.Block);
            checksum.Append(into[summed..whole]);
            summed = whole;
        }

        return checksum.Finish(into[summed..]);
    }

    private void Drop(int bytes)
    {
        if (_dropped.Length == 0) _dropped = new byte[64 << 10];
        while (bytes > 0)
        {
            int got = stream.Receive(_dropped.AsSpan(0, Math.Min(bytes, _dropped.Length)));
            if (got == 0) throw new EndOfStreamException("the connection ended within a piece");
            bytes -= got;
        }

        ReadChecksum();
    }

    private uint ReadChecksum()
    {
        // With the checksum, if it is there already, comes the next header.
        if (!TryFill(HeaderFormat.ChecksumSize, _between.Length)) throw new EndOfStreamException("the connection ended within a piece");
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(HeaderFormat.ChecksumSize));
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        ReadOnlySpan<byte> taken = _between.AsSpan(_start, bytes);
        _start += bytes;
        return taken;
    }

    // Sees to it that some bytes are there, and reads as many as may be there at most; false: the connection has ended before the first.
    private bool TryFill(int least, int most)
    {
        _between.AsSpan(_start, _end - _start).CopyTo(_between);
        (_start, _end) = (0, _end - _start);
        while (_end < least)
        {
            // Between two pieces a peer may be silent for as long as it likes, but not within one.
            if (_end > 0) stream.LimitReceiving(true);
            int got = stream.Receive(_between.AsSpan(_end, most - _end));
            if (got == 0) return _end == 0 ? false : throw new EndOfStreamException("the connection ended within a header");
            _end += got;
        }

        return true;
    }
}
