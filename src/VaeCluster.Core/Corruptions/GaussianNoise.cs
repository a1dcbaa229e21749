namespace VaeCluster.Core.Corruptions;

/// <summary>Adds normal noise to every value; the result is not clipped.</summary>
/// <param name="deviation">Standard deviation of the noise.</param>
internal sealed class GaussianNoise(float deviation) : Corruption
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<float> clean, ImageShape image, long seed, int step, int example, Span<float> seen)
    {
        Stream(seed, step, example).FillNormal(seen);
        for (int i = 0; i < clean.Length; i++) seen[i] = clean[i] + (deviation * seen[i]);
    }
}
