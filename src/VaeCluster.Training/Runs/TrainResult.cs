namespace VaeCluster.Training.Runs;

/// <summary>Means over the last epoch's steps, in nats per example.</summary>
/// <param name="Loss">The objective's own value.</param>
/// <param name="Elbo">The plain bound with one sample.</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
public sealed record TrainResult(double Loss, double Elbo, double Reconstruction, double Kl);
