using VaeCluster.Core.Numerics;

namespace VaeCluster.Evaluation.Runners;

/// <summary>Statistics of the codes of many images.</summary>
public static class CodeStatistics
{
    /// <summary>
    /// The mean KL of each latent dimension from the prior, ½(μ² + σ² − log σ² − 1), in nats per example; NaN if the KL has no closed form.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="images">n ≥ 1 images, one after another.</param>
    public static double[] MeanKl(ILatentModel model, ReadOnlySpan<float> images)
    {
        if (!model.HasClosedFormKl)
        {
            double[] unknown = new double[model.Latent];
            Array.Fill(unknown, double.NaN);
            return unknown;
        }

        int count = images.Length / model.Image.Pixels;
        float[] means = new float[count * model.Latent], logVariances = new float[count * model.Latent];
        model.Encode(images, means, logVariances);
        var kl = new double[model.Latent];
        for (int i = 0; i < means.Length; i++)
        {
            double mean = means[i], logVariance = logVariances[i];
            kl[i % model.Latent] += 0.5 * ((mean * mean) + ScalarMath.Exp(logVariance) - logVariance - 1) / count;
        }

        return kl;
    }
}
