using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Engines;

/// <summary>
/// One version of a model's parameters where the engine's kernels read them, shared by any number of programs. Writing and running must not
/// overlap; several programs may run at once.
/// </summary>
public interface IEngineWeights : IDisposable
{
    /// <summary>
    /// The flat vector in the engine's own memory. Who trains keeps the weights right here, so that a new version need not be copied. After
    /// writing to it call <see cref="Prepare"/> for every part before the next run.
    /// </summary>
    Memory<float> Flat { get; }

    /// <summary>Number of independent parts that preparing consists of; fixed once the programs are compiled.</summary>
    int Parts { get; }

    /// <summary>Brings one part of what was written into the form that the kernels read. Parts may be prepared on different threads at once.</summary>
    /// <param name="part">From 0 to <see cref="Parts"/> − 1.</param>
    void Prepare(int part);

    /// <summary>Plans a graph for a fixed number of examples: memory is laid out once and a run allocates nothing.</summary>
    /// <param name="graph">A graph over the same layout.</param>
    /// <param name="examples">Rows of the batch.</param>
    /// <param name="gradients">Whether <see cref="IProgram.Backward"/> will be called; the graph then has a loss.</param>
    /// <param name="shards">
    /// Into how many shards the rows fall, a power of two that divides them: gradients are summed within each and then along the tree over
    /// them, which gives the same bits as computing each shard alone and adding the vectors.
    /// </param>
    /// <returns>A program for one thread at a time.</returns>
    IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1);

    /// <summary>Takes over a new version from elsewhere.</summary>
    /// <param name="flat">The whole flat vector.</param>
    void Load(ReadOnlySpan<float> flat)
    {
        flat.CopyTo(Flat.Span);
        for (int part = 0; part < Parts; part++) Prepare(part);
    }
}
