using VaeCluster.Models.Engines;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>Weights in plain memory, for a replica without an engine.</summary>
internal sealed class FlatWeights : IEngineWeights
{
    public Memory<float> Flat { get; } = new float[Arithmetic.Length];

    public int Parts => 1;

    public void Prepare(int part)
    {
    }

    public IProgram Compile(Graph graph, int examples, bool gradients, int shards = 1) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
