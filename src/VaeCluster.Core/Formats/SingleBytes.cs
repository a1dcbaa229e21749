using System.Buffers;
using System.Runtime.InteropServices;

namespace VaeCluster.Core.Formats;

/// <summary>The bytes of float32 values where they lie, so that what is written to a file need not be copied first.</summary>
/// <param name="values">The values; only ever read.</param>
internal sealed class SingleBytes(ReadOnlyMemory<float> values) : MemoryManager<byte>
{
    /// <inheritdoc/>
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(MemoryMarshal.AsMemory(values).Span);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("these bytes are read through their span only");

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
