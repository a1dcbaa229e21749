namespace VaeCluster.Training.Steps;

/// <summary>A model judged on one split: the plain bound (β = 1, one sample) whatever the objective, in nats per example.</summary>
/// <param name="Step">Steps that the weights have seen.</param>
/// <param name="Epoch">Epochs that the weights have seen.</param>
/// <param name="Split">Name of the split: <c>test</c>, <c>validation</c> or <c>train</c>.</param>
/// <param name="Examples">How many examples it is a mean over.</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
/// <param name="KlPerDimension">The KL of each latent dimension.</param>
/// <param name="ActiveUnits">Dimensions whose posterior mean varies over the data: Var_x(μ) &gt; 0.01 (Burda et al., 2016).</param>
public sealed record EvaluationRecord(
    int Step, int Epoch, string Split, int Examples, double Reconstruction, double Kl,
    IReadOnlyList<double> KlPerDimension, int ActiveUnits)
{
    /// <summary>−(reconstruction + KL).</summary>
    public double Elbo => -(Reconstruction + Kl);
}
