using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Engines;

/// <summary>
/// One version of a model's parameters in the form that the engine's kernels read, shared by any number of programs.
/// Loading and running must not overlap; several programs may run at once.
/// </summary>
public interface IEngineWeights : IDisposable
{
    /// <summary>Plans a graph for a fixed number of examples: memory is laid out once and a run allocates nothing.</summary>
    /// <param name="graph">A graph over the same layout.</param>
    /// <param name="examples">Rows of the batch.</param>
    /// <param name="gradients">Whether <see cref="IProgram.Backward"/> will be called; the graph then has a loss.</param>
    /// <returns>A program for one thread at a time. Compile all programs before the first load.</returns>
    IProgram Compile(Graph graph, int examples, bool gradients);

    /// <summary>Number of independent parts that a load consists of; fixed once the programs are compiled.</summary>
    int Parts { get; }

    /// <summary>Takes over one part of a new version, packing it for the kernels. Parts may be loaded on different threads at once.</summary>
    /// <param name="flat">The whole flat vector; nothing of it is kept.</param>
    /// <param name="part">From 0 to <see cref="Parts"/> − 1.</param>
    void LoadPart(ReadOnlySpan<float> flat, int part);

    /// <summary>Takes over a new version.</summary>
    /// <param name="flat">The whole flat vector; nothing of it is kept.</param>
    void Load(ReadOnlySpan<float> flat)
    {
        for (int part = 0; part < Parts; part++) LoadPart(flat, part);
    }
}
