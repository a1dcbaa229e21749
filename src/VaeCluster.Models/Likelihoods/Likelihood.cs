using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>p(x|z): the distribution of the pixels given the decoder's outputs.</summary>
public abstract class Likelihood
{
    /// <summary>Decoder outputs per pixel; the first determines the pixel's mean.</summary>
    public virtual int OutputsPerPixel => 1;

    /// <summary>log p(x|z) of each example, in nats: one element per row.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="decoded">The decoder's outputs: all first outputs in pixel order, then all second ones.</param>
    /// <param name="x">The pixels.</param>
    public abstract Node LogLikelihood(GraphBuilder graph, Node decoded, Node x);

    /// <summary>The mean of each pixel.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="decoded">The decoder's outputs.</param>
    /// <param name="pixels">Number of pixels.</param>
    public abstract Node Mean(GraphBuilder graph, Node decoded, int pixels);

    /// <summary>The decoder output for which a pixel has the given mean; used to initialise the output bias from the data.</summary>
    /// <param name="mean">Mean of the pixel over the training data.</param>
    public abstract float OutputOf(float mean);

    /// <summary>The first outputs of all pixels.</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="decoded">The decoder's outputs.</param>
    /// <param name="pixels">Number of pixels.</param>
    protected static Node First(GraphBuilder graph, Node decoded, int pixels) =>
        decoded.Size == pixels ? decoded : graph.Slice(decoded, 0, pixels);
}
