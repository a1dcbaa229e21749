using Orleans;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Messages;

/// <summary>What a range says of a step's gradient once it has its root.</summary>
/// <param name="Terms">Sums over the batch.</param>
/// <param name="Squares">For each block of the range the sum of squares of the summed gradient, in float64.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.RangeGradient")]
public sealed record RangeGradient([Id(0)] LossTerms Terms, [Id(1)] double[] Squares);
