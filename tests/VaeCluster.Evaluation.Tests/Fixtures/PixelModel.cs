using VaeCluster.Core;
using VaeCluster.Evaluation.Runners;

namespace VaeCluster.Evaluation.Tests.Fixtures;

/// <summary>A model whose two latents are the mean and the maximum of the pixels, with log-variances −1 and −2.</summary>
internal sealed class PixelModel(ImageShape image) : ILatentModel
{
    public ImageShape Image { get; } = image;

    public int Latent => 2;

    public void Encode(ReadOnlySpan<float> images, Span<float> means, Span<float> logVariances)
    {
        for (int i = 0; i < images.Length / Image.Pixels; i++)
        {
            ReadOnlySpan<float> pixels = images.Slice(i * Image.Pixels, Image.Pixels);
            float sum = 0, largest = 0;
            foreach (float pixel in pixels) (sum, largest) = (sum + pixel, Math.Max(largest, pixel));
            (means[2 * i], means[(2 * i) + 1]) = (sum / pixels.Length, largest);
            if (!logVariances.IsEmpty) (logVariances[2 * i], logVariances[(2 * i) + 1]) = (-1, -2);
        }
    }

    public void Decode(ReadOnlySpan<float> latents, Span<float> images)
    {
        for (int i = 0; i < latents.Length / 2; i++) images.Slice(i * Image.Pixels, Image.Pixels).Fill(latents[2 * i]);
    }
}
