using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Products;

/// <summary>Creates tile kernels.</summary>
internal static class TileKernels
{
    /// <summary>The widest vectors that this machine supports in hardware.</summary>
    internal static KernelWidth Best =>
        Vector512.IsHardwareAccelerated ? KernelWidth.Bits512
        : Vector256.IsHardwareAccelerated ? KernelWidth.Bits256
        : Vector128.IsHardwareAccelerated ? KernelWidth.Bits128
        : KernelWidth.Scalar;

    /// <summary>The kernel of a width; .NET emulates unsupported widths, slowly.</summary>
    /// <param name="width">The width.</param>
    internal static TileKernel Create(KernelWidth width) => width switch
    {
        KernelWidth.Bits512 => new TileKernel512(),
        KernelWidth.Bits256 => new TileKernel256(),
        KernelWidth.Bits128 => new TileKernel128(),
        _ => new TileKernelScalar(),
    };
}

/// <summary>Vector width of products, in bits. The width affects only the speed, never the results.</summary>
internal enum KernelWidth
{
    /// <summary>One element at a time.</summary>
    Scalar = 0,

    /// <summary>128-bit vectors: NEON, or SSE with fused multiply-add.</summary>
    Bits128 = 128,

    /// <summary>256-bit vectors: AVX2 with fused multiply-add.</summary>
    Bits256 = 256,

    /// <summary>512-bit vectors: AVX-512.</summary>
    Bits512 = 512,
}
