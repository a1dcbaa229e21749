using VaeCluster.Core;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Tests.Figures;

/// <summary>A model whose pixel j shows latent j as 0.5 + z/8. Encoding is the exact inverse.</summary>
internal sealed class MirrorModel(int latent) : ILatentModel
{
    public ImageShape Image { get; } = new(1, 1, latent);

    public int Latent { get; } = latent;

    public void Encode(ReadOnlySpan<float> images, Span<float> means, Span<float> logVariances)
    {
        for (int i = 0; i < images.Length; i++) means[i] = (images[i] - 0.5f) * 8f;
        logVariances.Clear();
    }

    public void Decode(ReadOnlySpan<float> latents, Span<float> images)
    {
        for (int i = 0; i < latents.Length; i++) images[i] = Shown(latents[i]);
    }

    internal static float Shown(float latent) => (latent / 8f) + 0.5f;
}
