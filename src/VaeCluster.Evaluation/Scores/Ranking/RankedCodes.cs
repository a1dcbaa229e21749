namespace VaeCluster.Evaluation.Scores.Ranking;

/// <summary>The codes of one of several compared models for the same examples.</summary>
/// <param name="Means">Means of q(z|x): one row of M per example.</param>
/// <param name="Kl">Mean KL of each of the M dimensions, in nats.</param>
public sealed record RankedCodes(float[] Means, IReadOnlyList<double> Kl);
