using VaeCluster.Models.Graphs;

namespace VaeCluster.Models;

/// <summary>
/// The inputs of a graph that hold the masks of dropout, one for each layer and pass, numbered in the order in which the layers are
/// written: two graphs that begin with the same encoder have the same masks for it.
/// </summary>
public sealed class DropoutMasks
{
    private int _count;

    /// <summary>The name of a mask's input.</summary>
    /// <param name="number">From 0.</param>
    public static string NameOf(int number) => FormattableString.Invariant($"dropout.{number}");

    /// <summary>Drops channels of a value.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The value, of shape [channels] or [channels, height, width].</param>
    internal Node Drop(GraphBuilder graph, Node x) => graph.ChannelScale(x, graph.Input(NameOf(_count++), x.Shape[0]));
}
