using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>A tensor's own memory.</summary>
internal static class NativeFloats
{
    /// <summary>The elements of a contiguous float32 tensor on the CPU, without a copy; good as long as the tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    internal static Span<float> Of(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
