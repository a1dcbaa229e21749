using System.Buffers;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Memory;

/// <summary>
/// float32 numbers that managed code and libtorch both see. They begin at a multiple of 64 bytes: a library may take another path, with
/// other bits, for memory that does not.
/// </summary>
internal abstract class HostVector : IDisposable
{
    /// <summary>The numbers for managed code.</summary>
    internal abstract Memory<float> Memory { get; }

    /// <summary>The numbers for libtorch, one dimension.</summary>
    internal abstract Tensor Tensor { get; }

    /// <summary>Makes a vector of zeros.</summary>
    /// <param name="length">How many numbers.</param>
    /// <param name="pageLocked">Whether a GPU copies from and to it while the processor goes on.</param>
    internal static HostVector Create(int length, bool pageLocked) => pageLocked ? new PageLocked(length) : new Aligned(length);

    /// <inheritdoc/>
    public void Dispose() => Tensor.Dispose();

    // An array of the runtime's: what still holds its memory after the engine is gone reads old numbers, not freed ones.
    private sealed unsafe class Aligned : HostVector
    {
        private const int Alignment = 64;

        internal Aligned(int length)
        {
            float[] array = GC.AllocateArray<float>(length + (Alignment / sizeof(float)), pinned: true);
            nint address = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
            int offset = (int)((Alignment - (address % Alignment)) % Alignment / sizeof(float));
            Memory = array.AsMemory(offset, length);
            Tensor = frombuffer(array, ScalarType.Float32, length, offset).DetachFromDisposeScope();
        }

        internal override Memory<float> Memory { get; }

        internal override Tensor Tensor { get; }
    }

    private sealed unsafe class PageLocked : HostVector
    {
        internal PageLocked(int length)
        {
            using Tensor pageable = zeros(length, ScalarType.Float32);
            Tensor = pageable.pin_memory().DetachFromDisposeScope();
            fixed (byte* data = Tensor.bytes) Memory = new Native((float*)data, length, Tensor).Memory;
        }

        internal override Memory<float> Memory { get; }

        internal override Tensor Tensor { get; }
    }

    // Memory of libtorch's: it lives as long as the tensor, which this holds.
    private sealed unsafe class Native(float* data, int length, Tensor owner) : MemoryManager<float>
    {
        public override Span<float> GetSpan()
        {
            ObjectDisposedException.ThrowIf(owner.IsInvalid, owner);
            return new Span<float>(data, length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(data + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
