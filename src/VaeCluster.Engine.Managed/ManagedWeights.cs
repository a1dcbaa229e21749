using System.Runtime.CompilerServices;
using VaeCluster.Core.Parameters;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Engine.Managed;

/// <summary>The flat vector that the kernels read.</summary>
internal sealed unsafe class ManagedWeights : IEngineWeights
{
    // Kernels read whole vectors; values read beyond the end are never used.
    private const int Slack = 64;

    private readonly float[] _flat;

    /// <summary>Allocates the vector.</summary>
    internal ManagedWeights(ParameterLayout layout, TileKernel kernel)
    {
        Layout = layout;
        Kernel = kernel;
        _flat = GC.AllocateArray<float>(layout.Length + Slack, pinned: true);
        Flat = _flat.AsMemory(0, layout.Length);
        Pointer = (float*)Unsafe.AsPointer(ref _flat[0]);
    }

    /// <inheritdoc/>
    public Memory<float> Flat { get; }

    /// <inheritdoc/>
    public int Parts => 0;

    internal ParameterLayout Layout { get; }

    /// <summary>Computes tiles of products.</summary>
    internal TileKernel Kernel { get; }

    /// <summary>Pointer to the first element; the array stays pinned.</summary>
    internal float* Pointer { get; }

    /// <inheritdoc/>
    public IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1)
    {
        if (graph.Parameters != Layout) throw new ArgumentException("the graph has another layout", nameof(graph));
        return gradients && SharedParametersProgram.IsNeededFor(graph)
            ? new SharedParametersProgram(graph, this, examples, shards)
            : new ManagedProgram(graph, this, examples, gradients, shards);
    }

    /// <inheritdoc/>
    public void Prepare(int part) =>
        throw new ArgumentOutOfRangeException(nameof(part), part, "the managed engine has no parts to prepare");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
