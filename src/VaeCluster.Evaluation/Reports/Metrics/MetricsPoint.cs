namespace VaeCluster.Evaluation.Reports.Metrics;

/// <summary>One line of <c>metrics.jsonl</c>; nats per example. A value that was not finite or not written is NaN.</summary>
/// <param name="Step">Steps done when it was written.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Loss">The objective; NaN for evaluations.</param>
/// <param name="Elbo">The plain bound (β = 1, one sample).</param>
/// <param name="Reconstruction">−log p(x|z).</param>
/// <param name="Kl">KL to the prior.</param>
public readonly record struct MetricsPoint(int Step, int Epoch, double Loss, double Elbo, double Reconstruction, double Kl);
