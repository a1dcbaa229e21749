namespace VaeCluster.Engine.Managed.Products;

/// <summary>Bits of the vectors that products are computed with. The width decides the speed and never a bit of a result.</summary>
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
