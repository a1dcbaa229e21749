using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Architectures;

/// <summary>
/// An encoder and a decoder. The constructor declares the parameters; the layers can then be written into any number of graphs.
/// </summary>
public abstract class Architecture
{
    /// <summary>The bias of the decoder's last layer: one element per pixel and output, or one per channel and output.</summary>
    public abstract ParameterSlice OutputBias { get; }

    /// <summary>Encodes images into <see cref="ArchitectureShape.CodeSize"/> features each.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images, [channels, height, width].</param>
    /// <param name="masks">Masks of dropout, in training; null: nothing is dropped.</param>
    public abstract Node Encode(GraphBuilder graph, Node x, DropoutMasks? masks = null);

    /// <summary>
    /// Decodes latent vectors into the likelihood's inputs: <see cref="ArchitectureShape.OutputsPerPixel"/> × pixels features.
    /// </summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">Latent vectors.</param>
    /// <param name="masks">Masks of dropout, in training; null: nothing is dropped.</param>
    public abstract Node Decode(GraphBuilder graph, Node z, DropoutMasks? masks = null);
}
