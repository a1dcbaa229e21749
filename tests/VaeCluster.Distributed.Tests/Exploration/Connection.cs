using VaeCluster.Distributed.Membership;
using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Tests.Exploration;

/// <summary>What one endpoint has written to another and the other has not read yet, in order, and the piece that is being read.</summary>
internal sealed class Connection(SiloEndpoint from, SiloEndpoint to)
{
    private static int _number;
    private readonly int _id = Interlocked.Increment(ref _number);

    internal SiloEndpoint From => from;

    internal SiloEndpoint To => to;

    internal Queue<(TensorHeader Header, float[] Data)> Written { get; } = [];

    /// <summary>How much of the first tensor has been read.</summary>
    internal int Offset { get; set; }

    /// <summary>The piece that has been given memory and has not arrived.</summary>
    internal (TensorHeader Header, Memory<float> Target)? Reading { get; set; }

    public override string ToString() => $"{from}-{to}#{_id}";
}
