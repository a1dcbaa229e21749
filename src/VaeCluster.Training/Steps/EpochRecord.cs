namespace VaeCluster.Training.Steps;

/// <summary>Means over an epoch's steps, in nats per example.</summary>
/// <param name="Step">The epoch's last step.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Loss">The objective's own value.</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL(q(z|x) ‖ p(z)).</param>
/// <param name="SamplesPerSecond">Examples a second over the time in steps.</param>
public sealed record EpochRecord(int Step, int Epoch, double Loss, double Reconstruction, double Kl, double SamplesPerSecond)
{
    /// <summary>−(reconstruction + KL): the plain bound with one sample.</summary>
    public double Elbo => -(Reconstruction + Kl);
}
