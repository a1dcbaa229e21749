namespace VaeCluster.Training.Runs;

/// <summary>The plain bound on held-out data, in nats per example.</summary>
/// <param name="Elbo">−(reconstruction + KL).</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
/// <param name="ActiveUnits">Latent dimensions whose posterior mean varies over the data.</param>
public sealed record TestResult(double Elbo, double Reconstruction, double Kl, int ActiveUnits);
