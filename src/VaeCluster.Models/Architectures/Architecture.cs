using VaeCluster.Core.Parameters;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Architectures;

/// <summary>An encoder and a decoder over parameters that the constructor has declared; written into as many graphs as are needed.</summary>
public abstract class Architecture
{
    /// <summary>The bias of the decoder's last layer: one element a pixel and output, or one a channel and output.</summary>
    public abstract ParameterSlice OutputBias { get; }

    /// <summary>The code of each image: <see cref="ArchitectureShape.CodeSize"/> features.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="x">Images, [channels, height, width].</param>
    public abstract Node Encode(GraphBuilder graph, Node x);

    /// <summary>The likelihood's inputs for each latent vector: <see cref="ArchitectureShape.OutputsPerPixel"/> × pixels features.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="z">Latent vectors.</param>
    public abstract Node Decode(GraphBuilder graph, Node z);
}
