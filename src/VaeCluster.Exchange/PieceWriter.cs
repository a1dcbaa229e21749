using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VaeCluster.Exchange;

/// <summary>Cuts tensors into pieces and writes them straight from the source. Nothing is allocated for a piece.</summary>
internal sealed class PieceWriter
{
    // A slice's checksum follows its writing: its bytes are in the core's own cache, and the peer reads it meanwhile.
    private const int Slice = 256 << 10;

    // Up to this size a tensor leaves as one: what a wake-up of the peer by the header alone costs is felt.
    private const int MostTogether = 128 << 10;

    private readonly byte[] _between = new byte[HeaderFormat.ChecksumSize + HeaderFormat.Size];

    /// <summary>Writes a whole tensor.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="ring">Memory shared with the peer; null: none. What it has no room for goes through the connection.</param>
    /// <param name="header">Of the tensor: its offset is that of the first element.</param>
    /// <param name="data">The elements, at least one.</param>
    internal void Write(PeerStream stream, SharedRing? ring, in TensorHeader header, ReadOnlySpan<float> data)
    {
        // A piece's checksum and the next one's header leave in one call.
        int pending = 0;
        bool together = ring is null && data.Length <= MostTogether / sizeof(float);
        if (together) stream.HoldBack(true);
        for (int done = 0; done < data.Length;)
        {
            int count = Math.Min(HeaderFormat.MostElements, data.Length - done);
            TensorHeader piece = header with
            {
                Offset = header.Offset + done,
                Count = count,
            };
            ReadOnlySpan<byte> payload = MemoryMarshal.AsBytes(data.Slice(done, count));
            bool shared = ring?.TryWrite(payload) == true;
            HeaderFormat.Write(_between.AsSpan(pending), in piece, shared ? PayloadChecksum.Of(payload) : null);
            stream.Send(_between.AsSpan(0, pending + HeaderFormat.Size));
            pending = 0;
            done += count;
            if (shared) continue;
            BinaryPrimitives.WriteUInt32LittleEndian(_between, WritePayload(stream, payload));
            pending = HeaderFormat.ChecksumSize;
        }

        if (pending > 0) stream.Send(_between.AsSpan(0, pending));
        if (together) stream.HoldBack(false);
    }

    private static uint WritePayload(PeerStream stream, ReadOnlySpan<byte> payload)
    {
        var checksum = new PayloadChecksum();
        while (payload.Length > Slice)
        {
            stream.Send(payload[..Slice]);
            checksum.Append(payload[..Slice]);
            payload = payload[Slice..];
        }

        stream.Send(payload);
        int whole = payload.Length - (payload.Length % PayloadChecksum.Block);
        checksum.Append(payload[..whole]);
        return checksum.Finish(payload[whole..]);
    }
}
