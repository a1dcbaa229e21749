namespace VaeCluster.Evaluation.Bounds;

/// <summary>How a model does on a split; nats per example.</summary>
/// <param name="Examples">Examples evaluated.</param>
/// <param name="Reconstruction">Mean of −log p(x|z) with one sample of z.</param>
/// <param name="Kl">Mean KL of q(z|x) to the prior, closed form.</param>
/// <param name="KlPerDimension">The mean KL of each latent dimension; they sum to <paramref name="Kl"/> but for rounding.</param>
/// <param name="MeanVariances">Var_x(μ_u) of each latent dimension over the examples.</param>
public sealed record SplitScores(
    int Examples, double Reconstruction, double Kl, IReadOnlyList<double> KlPerDimension, IReadOnlyList<double> MeanVariances)
{
    /// <summary>Above this variance of its mean a unit is active (Burda et al. 2015, section 5.2).</summary>
    public const double ActiveVariance = 0.01;

    /// <summary>The plain bound: −(reconstruction + KL), with β = 1 whatever the objective.</summary>
    public double Elbo => -(Reconstruction + Kl);

    /// <summary>How many latent dimensions are active.</summary>
    public int ActiveUnits => MeanVariances.Count(variance => variance > ActiveVariance);
}
