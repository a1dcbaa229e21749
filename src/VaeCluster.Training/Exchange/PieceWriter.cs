using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VaeCluster.Training.Exchange;

/// <summary>Cuts tensors into pieces and writes them straight from the source. Nothing is allocated for a piece.</summary>
internal sealed class PieceWriter
{
    // A slice is written while its bytes are in the core's own cache from the checksum.
    private const int Slice = 256 << 10;

    private readonly byte[] _between = new byte[HeaderFormat.ChecksumSize + HeaderFormat.Size];

    /// <summary>Writes a whole tensor.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="header">Of the tensor: its offset is that of the first element.</param>
    /// <param name="data">The elements, at least one.</param>
    internal void Write(Link link, in TensorHeader header, ReadOnlySpan<float> data)
    {
        // A piece's checksum and the next one's header leave in one call.
        int pending = 0;
        for (int done = 0; done < data.Length;)
        {
            int count = Math.Min(HeaderFormat.MostElements, data.Length - done);
            TensorHeader piece = header with
            {
                Offset = header.Offset + done,
                Count = count,
            };
            HeaderFormat.Write(_between.AsSpan(pending), in piece);
            link.Send(_between.AsSpan(0, pending + HeaderFormat.Size));
            uint sum = WritePayload(link, MemoryMarshal.AsBytes(data.Slice(done, count)));
            BinaryPrimitives.WriteUInt32LittleEndian(_between, sum);
            pending = HeaderFormat.ChecksumSize;
            done += count;
        }

        link.Send(_between.AsSpan(0, pending));
    }

    private static uint WritePayload(Link link, ReadOnlySpan<byte> payload)
    {
        var checksum = new PayloadChecksum();
        while (payload.Length > Slice)
        {
            checksum.Append(payload[..Slice]);
            link.Send(payload[..Slice]);
            payload = payload[Slice..];
        }

        int whole = payload.Length - (payload.Length % PayloadChecksum.Block);
        checksum.Append(payload[..whole]);
        uint sum = checksum.Finish(payload[whole..]);
        link.Send(payload);
        return sum;
    }
}
