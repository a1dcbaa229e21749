namespace VaeCluster.Models.Reference;

/// <summary>
/// A mixture of Gaussians with diagonal covariance in float64; see <see cref="Graphs.Operations.MixtureLogDensityOperation"/>.
/// </summary>
/// <param name="latent">M.</param>
/// <param name="z">[examples, M].</param>
/// <param name="mean">[K, M].</param>
/// <param name="logVariance">[K, M].</param>
/// <param name="logit">[K].</param>
internal sealed class ReferenceMixture(int latent, double[] z, double[] mean, double[] logVariance, double[] logit)
{
    internal double LogDensity(int example) => LogSumExp(Joint(example)) - LogSumExp(logit);

    /// <summary>Adds the gradients by z, means, log-variances and, if there are any, logits.</summary>
    internal void Differentiate(int example, double upstream, double[][] gradients)
    {
        double[] joint = Joint(example);
        double all = LogSumExp(joint), weights = LogSumExp(logit);
        for (int k = 0; k < joint.Length; k++)
        {
            double share = upstream * Math.Exp(joint[k] - all);
            for (int j = 0; j < latent; j++)
            {
                int place = (k * latent) + j;
                double precision = Math.Exp(-logVariance[place]), distance = z[(example * latent) + j] - mean[place];
                gradients[0][(example * latent) + j] -= share * distance * precision;
                gradients[1][place] += share * distance * precision;
                gradients[2][place] += share * 0.5 * ((distance * distance * precision) - 1);
            }

            if (gradients.Length > 3) gradients[3][k] += share - (upstream * Math.Exp(logit[k] - weights));
        }
    }

    private double[] Joint(int example)
    {
        double[] joint = [.. logit];
        for (int k = 0; k < joint.Length; k++)
        {
            for (int j = 0; j < latent; j++)
            {
                double v = logVariance[(k * latent) + j], distance = z[(example * latent) + j] - mean[(k * latent) + j];
                joint[k] -= 0.5 * ((distance * distance * Math.Exp(-v)) + v);
            }
        }

        return joint;
    }

    private static double LogSumExp(double[] values)
    {
        double largest = values.Max();
        return largest + Math.Log(values.Sum(value => Math.Exp(value - largest)));
    }
}
