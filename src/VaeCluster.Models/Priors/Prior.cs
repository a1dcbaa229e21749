using VaeCluster.Core.Specs;
using VaeCluster.Models.Graphs;

namespace VaeCluster.Models.Priors;

/// <summary>
/// p(z), the distribution of the latents before an image is seen: N(0, I), or a mixture of Gaussians that is learned with the rest.
/// </summary>
public abstract class Prior
{
    /// <summary>The field <c>components</c> of a mixture.</summary>
    /// <param name="standard">The default.</param>
    /// <param name="meaning">What it says of itself.</param>
    internal static FieldRule ComponentsField(long standard, string meaning) =>
        new("components", FieldKind.Integer, meaning) { Default = standard, Min = 1, Max = 10_000 };

    /// <summary>Whether it is N(0, I), to which the KL of a Gaussian has a closed form.</summary>
    public virtual bool IsStandard => false;

    /// <summary>Whether its first values are made of the mean image of the training data.</summary>
    public virtual bool NeedsMeanImage => false;

    /// <summary>Whether its density is made of q(z|x), which must then be a Gaussian.</summary>
    public virtual bool NeedsGaussianPosterior => false;

    /// <summary>Writes the components; null: it is N(0, I).</summary>
    /// <param name="graph">The graph to write into.</param>
    /// <param name="encode">Writes μ and log σ² of q(z|x) of images in rows of their own.</param>
    public virtual PriorComponents? Components(GraphBuilder graph, Func<Node, (Node Mean, Node LogVariance)> encode) => null;

    /// <summary>Sets the first values of its parameters, after those that their fan-in gives.</summary>
    /// <param name="weights">The flat vector.</param>
    /// <param name="meanImage">Mean of each pixel over the training data, if <see cref="NeedsMeanImage"/>.</param>
    public virtual void Initialize(Span<float> weights, ReadOnlySpan<float> meanImage)
    {
    }
}
