namespace VaeCluster.Core.Corruptions;

/// <summary>Sets a share of the pixels, in all their channels, to 0 or 1.</summary>
/// <param name="share">Share of the pixels that are changed.</param>
/// <param name="white">Share of those that become 1.</param>
internal sealed class PixelNoise(float share, float white) : Corruption
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> clean, ImageShape image, long seed, int step, int example, Span<float> seen)
    {
        int area = image.Height * image.Width;
        clean.CopyTo(seen);

        // Numbers below the share change a pixel; the lowest of them make it white.
        Span<float> draws = area <= 4096 ? stackalloc float[area] : new float[area];
        Stream(seed, step, example).FillUniform(draws);
        for (int i = 0; i < area; i++)
        {
            if (draws[i] >= share) continue;
            float value = draws[i] < share * white ? 1f : 0f;
            for (int channel = 0; channel < image.Channels; channel++) seen[(channel * area) + i] = value;
        }
    }
}
