namespace VaeCluster.Core.Optimizers;

/// <summary>The check that every optimiser makes before it touches memory.</summary>
internal static class UpdateLengths
{
    internal static void Check(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> gradientSum, ReadOnlySpan<float> moment1, ReadOnlySpan<float> moment2, int moments)
    {
        int length = weights.Length;
        if (gradientSum.Length != length) throw new ArgumentException($"{gradientSum.Length} gradients for {length} weights", nameof(gradientSum));
        if (moments > 0 && moment1.Length != length) throw new ArgumentException($"{moment1.Length} first moments for {length} weights", nameof(moment1));
        if (moments > 1 && moment2.Length != length) throw new ArgumentException($"{moment2.Length} second moments for {length} weights", nameof(moment2));
    }
}
