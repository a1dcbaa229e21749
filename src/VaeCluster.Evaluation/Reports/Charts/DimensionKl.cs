namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>The KL of one latent dimension.</summary>
/// <param name="Dimension">Its index, from 0.</param>
/// <param name="Kl">Mean KL from the prior, in nats per example; NaN if it has no closed form.</param>
/// <param name="Active">Whether Var_x(μ) is above 0.01.</param>
public sealed record DimensionKl(int Dimension, double Kl, bool Active)
{
    /// <summary>What dimensions are sorted by, largest first: the KL, or in its place the variance of μ.</summary>
    public double Rank { get; init; } = Kl;
}
