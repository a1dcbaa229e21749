namespace VaeCluster.Evaluation.Bounds;

/// <summary>The evaluation of a model on a split, in nats per example.</summary>
/// <param name="Examples">Number of examples evaluated.</param>
/// <param name="Reconstruction">Mean of −log p(x|z) with one sample of z.</param>
/// <param name="Kl">Mean KL of q(z|x) from the prior, in closed form, or estimated from the same sample.</param>
/// <param name="KlPerDimension">
/// Mean KL of each latent dimension; they sum to <paramref name="Kl"/> up to rounding. NaN if the KL is estimated.
/// </param>
/// <param name="MeanVariances">Var_x(μ_u) of each latent dimension over the examples.</param>
public sealed record SplitScores(
    int Examples, double Reconstruction, double Kl, IReadOnlyList<double> KlPerDimension, IReadOnlyList<double> MeanVariances)
{
    /// <summary>A unit is active if the variance of its mean is above this (Burda et al. 2015, section 5.2).</summary>
    public const double ActiveVariance = 0.01;

    /// <summary>Whether the KL is a Monte Carlo estimate, log q(z|x) − log p(z), since it has no closed form.</summary>
    public bool IsKlEstimated { get; init; }

    /// <summary>The ELBO: −(reconstruction + KL), with β = 1 whatever the objective.</summary>
    public double Elbo => -(Reconstruction + Kl);

    /// <summary>Number of active latent dimensions.</summary>
    public int ActiveUnits => MeanVariances.Count(variance => variance > ActiveVariance);
}
