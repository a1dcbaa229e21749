using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Engines;

/// <summary>
/// A model's parameters in the engine's memory, shared by any number of programs. Writing and running must not overlap; several programs
/// may run at once.
/// </summary>
public interface IEngineWeights : IDisposable
{
    /// <summary>
    /// The flat vector in the engine's own memory. Training updates the weights in place here, without a copy. After writing to it, call
    /// <see cref="Prepare"/> for every part before the next run.
    /// </summary>
    Memory<float> Flat { get; }

    /// <summary>Number of independent parts to prepare; fixed once the programs are compiled.</summary>
    int Parts { get; }

    /// <summary>Converts one part of the written weights to the format that the kernels need. Parts may be prepared in parallel.</summary>
    /// <param name="part">From 0 to <see cref="Parts"/> − 1.</param>
    void Prepare(int part);

    /// <summary>
    /// Compiles a graph for a fixed number of examples: memory is planned once, and running the program allocates nothing.
    /// </summary>
    /// <param name="graph">A graph over the same layout.</param>
    /// <param name="examples">Rows of the batch.</param>
    /// <param name="gradients">Whether <see cref="IProgram.Backward"/> will be called; the graph then has a loss.</param>
    /// <param name="shards">
    /// Number of shards in the batch, a power of two that divides the number of rows. Gradients are summed within each shard and then along
    /// the reduction tree, which gives the same bits as computing each shard separately and adding the vectors.
    /// </param>
    /// <returns>A program, to be used by one thread at a time.</returns>
    IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1);

    /// <summary>Copies new weights in and prepares them.</summary>
    /// <param name="flat">The whole flat vector.</param>
    void Load(ReadOnlySpan<float> flat)
    {
        flat.CopyTo(Flat.Span);
        for (int part = 0; part < Parts; part++) Prepare(part);
    }
}
