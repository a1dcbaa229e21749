namespace VaeCluster.Evaluation.Bounds;

/// <summary>An estimate of how probable a model finds unseen examples.</summary>
/// <param name="NegativeLogLikelihood">Mean of −log (1/K) Σ_k p(x, z_k)/q(z_k|x), nats per example: an upper bound on −log p(x) in expectation.</param>
/// <param name="StandardError">Standard error of that mean over the examples; 0 for a single one.</param>
/// <param name="Examples">Examples evaluated.</param>
/// <param name="Samples">K.</param>
public sealed record ImportanceWeightedScore(double NegativeLogLikelihood, double StandardError, int Examples, int Samples);
