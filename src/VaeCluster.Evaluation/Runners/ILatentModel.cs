using VaeCluster.Core;

namespace VaeCluster.Evaluation.Runners;

/// <summary>A trained model for figures and scores: encodes images and decodes latents.</summary>
public interface ILatentModel
{
    /// <summary>Size of an image.</summary>
    ImageShape Image { get; }

    /// <summary>Number of latent dimensions M.</summary>
    int Latent { get; }

    /// <summary>The prior, if it is not N(0, I).</summary>
    LatentMixture? Prior => null;

    /// <summary>Whether KL(q(z|x) ‖ p(z)) has a closed form, which alone has parts by dimension.</summary>
    bool HasClosedFormKl => Prior is null;

    /// <summary>Computes the moments of q(z|x) of any number of images.</summary>
    /// <param name="images">n rows of <see cref="ImageShape.Pixels"/> values.</param>
    /// <param name="means">Receives μ: n rows of M.</param>
    /// <param name="logVariances">Receives log σ²: n rows of M; may be empty if only μ is needed.</param>
    void Encode(ReadOnlySpan<float> images, Span<float> means, Span<float> logVariances);

    /// <summary>Computes the mean images of p(x|z) of any number of latents.</summary>
    /// <param name="latents">n rows of M.</param>
    /// <param name="images">Receives n rows of <see cref="ImageShape.Pixels"/> values.</param>
    void Decode(ReadOnlySpan<float> latents, Span<float> images);
}
