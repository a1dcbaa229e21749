namespace VaeCluster.Evaluation.Scores.Ranking;

/// <summary>What one of several compared models makes of the examples that all are shown.</summary>
/// <param name="Means">Means of q(z|x): a row of M for each example.</param>
/// <param name="Kl">Mean KL of each of the M dimensions, nats.</param>
public sealed record RankedCodes(float[] Means, IReadOnlyList<double> Kl);
