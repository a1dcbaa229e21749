using TorchSharp;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>Densities of mixtures, in float32.</summary>
internal static class MixtureOperations
{
    /// <summary>log Σ_k w_k Π_j e^(−½(z_j − μ_kj)²/σ_kj²)/σ_kj of each row, [rows, 1].</summary>
    /// <param name="z">[rows, M].</param>
    /// <param name="mean">[K, M].</param>
    /// <param name="logVariance">[K, M].</param>
    /// <param name="logit">[K, 1]; null: equal weights.</param>
    internal static Tensor LogDensity(Tensor z, Tensor mean, Tensor logVariance, Tensor? logit)
    {
        using Scalar two = 2f, minusHalf = -0.5f, logCount = (float)Math.Log(mean.shape[0]);
        using Tensor rows = z.unsqueeze(1), distance = rows.sub(mean), square = distance.pow(two);
        using Tensor minus = logVariance.neg(), precision = minus.exp(), scaled = square.mul(precision);
        using Tensor terms = scaled.add(logVariance), sum = terms.sum(2), joint = sum.mul(minusHalf);
        if (logit is null)
        {
            using Tensor equal = joint.logsumexp(1, keepdim: true);
            return equal.sub(logCount);
        }

        using Tensor weights = logit.t(), weighted = joint.add(weights), all = weighted.logsumexp(1, keepdim: true);
        using Tensor normalizer = logit.logsumexp(0, keepdim: true);
        return all.sub(normalizer);
    }
}
