using System.Runtime.Intrinsics;

namespace VaeCluster.Engine.Managed.Products;

/// <summary>Chooses a tile kernel.</summary>
internal static class TileKernels
{
    /// <summary>The widest vectors that this machine computes with.</summary>
    internal static KernelWidth Best =>
        Vector512.IsHardwareAccelerated ? KernelWidth.Bits512
        : Vector256.IsHardwareAccelerated ? KernelWidth.Bits256
        : Vector128.IsHardwareAccelerated ? KernelWidth.Bits128
        : KernelWidth.Scalar;

    /// <summary>The kernel of a width. The machine need not have it: the platform emulates what is missing, slowly.</summary>
    /// <param name="width">The width.</param>
    internal static TileKernel Create(KernelWidth width) => width switch
    {
        KernelWidth.Bits512 => new TileKernel512(),
        KernelWidth.Bits256 => new TileKernel256(),
        KernelWidth.Bits128 => new TileKernel128(),
        _ => new TileKernelScalar(),
    };
}
