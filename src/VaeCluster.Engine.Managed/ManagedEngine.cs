using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Models.Engines;

namespace VaeCluster.Engine.Managed;

/// <summary>
/// Executes graphs on the CPU with our own SIMD kernels: float32, the same bits at every vector width, no native library.
/// </summary>
public sealed class ManagedEngine : IEngine
{
    private readonly KernelWidth _width;

    /// <summary>An engine that uses the widest vectors of the machine.</summary>
    public ManagedEngine()
        : this(TileKernels.Best)
    {
    }

    /// <summary>An engine with a given vector width for products.</summary>
    /// <param name="width">The width; emulated if the machine does not support it.</param>
    internal ManagedEngine(KernelWidth width) => _width = width;

    /// <inheritdoc/>
    public string Name => "managed";

    /// <inheritdoc/>
    public string Arithmetic => "managed v1, float32, fused multiply-add, sums in blocks of 1024";

    /// <inheritdoc/>
    public IEngineWeights CreateWeights(ParameterLayout layout) => new ManagedWeights(layout, TileKernels.Create(_width));

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
