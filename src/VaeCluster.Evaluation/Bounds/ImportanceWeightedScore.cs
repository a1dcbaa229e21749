namespace VaeCluster.Evaluation.Bounds;

/// <summary>An estimate of the log-likelihood of held-out examples.</summary>
/// <param name="NegativeLogLikelihood">
/// Mean of −log (1/K) Σ_k p(x, z_k)/q(z_k|x), in nats per example: in expectation an upper bound on −log p(x).
/// </param>
/// <param name="StandardError">Standard error of that mean over the examples; 0 for a single example.</param>
/// <param name="Examples">Number of examples evaluated.</param>
/// <param name="Samples">Samples K per example.</param>
public sealed record ImportanceWeightedScore(double NegativeLogLikelihood, double StandardError, int Examples, int Samples);
