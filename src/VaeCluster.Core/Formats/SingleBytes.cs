using System.Buffers;
using System.Runtime.InteropServices;

namespace VaeCluster.Core.Formats;

/// <summary>A view of float32 memory as bytes, so that values can be written to a file without a copy. Read-only.</summary>
internal sealed class SingleBytes(ReadOnlyMemory<float> values) : MemoryManager<byte>
{
    /// <inheritdoc/>
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(MemoryMarshal.AsMemory(values).Span);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) =>
        throw new NotSupportedException("these bytes are read through their span only");

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Nothing is ever pinned.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The values belong to the caller.
    }
}
