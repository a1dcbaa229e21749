namespace VaeCluster.Evaluation.Reports.Metrics;

/// <summary>One line of <c>metrics.jsonl</c>, in nats per example. Values that were not finite or not written are NaN.</summary>
/// <param name="Step">Number of steps done when it was written.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The objective; NaN for evaluations.</param>
/// <param name="Elbo">The ELBO (β = 1, one sample).</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL from the prior.</param>
public readonly record struct MetricsPoint(int Step, int Epoch, double Loss, double Elbo, double Reconstruction, double Kl);
