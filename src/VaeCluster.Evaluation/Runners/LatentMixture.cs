using VaeCluster.Core.Numerics;
using VaeCluster.Core.Random;

namespace VaeCluster.Evaluation.Runners;

/// <summary>A prior that is a mixture of Gaussians with diagonal covariance.</summary>
/// <param name="means">[K, M].</param>
/// <param name="logVariances">[K, M].</param>
/// <param name="logits">The logits of the weights, [K]; empty: equal weights.</param>
public sealed class LatentMixture(float[] means, float[] logVariances, float[] logits)
{
    // Computed once, for there may be thousands of components.
    private readonly double[] _weights = WeightsOf(logits);

    /// <summary>Draws a latent vector: normal noise first, then the component by one uniform number.</summary>
    /// <param name="stream">The draw's random numbers.</param>
    /// <param name="latent">Receives M numbers.</param>
    public void Draw(RandomStream stream, Span<float> latent)
    {
        stream.FillNormal(latent);
        Span<float> uniform = stackalloc float[1];
        (stream with { Time = stream.Time + 1 }).FillUniform(uniform);
        int component = Choose(uniform[0], means.Length / latent.Length);
        for (int j = 0; j < latent.Length; j++)
        {
            int place = (component * latent.Length) + j;
            latent[j] = (float)(means[place] + (ScalarMath.Exp(0.5 * logVariances[place]) * latent[j]));
        }
    }

    private static double[] WeightsOf(float[] logits)
    {
        float largest = logits.DefaultIfEmpty().Max();
        return [.. logits.Select(logit => ScalarMath.Exp(logit - largest))];
    }

    private int Choose(float uniform, int components)
    {
        if (_weights.Length == 0) return Math.Min((int)(uniform * components), components - 1);
        double rest = uniform * _weights.Sum();
        for (int k = 0; k < components - 1; k++)
        {
            rest -= _weights[k];
            if (rest < 0) return k;
        }

        return components - 1;
    }
}
