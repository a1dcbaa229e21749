using VaeCluster.Data;

namespace VaeCluster.Cli.Runs;

/// <summary>What <c>evaluate</c> was asked.</summary>
/// <param name="Split">The examples.</param>
/// <param name="Examples">At most so many; null: the defaults.</param>
/// <param name="Samples">K of the importance-weighted bound; null: without it.</param>
/// <param name="Threads">Threads.</param>
internal sealed record EvaluationRequest(Split Split, int? Examples, int? Samples, int Threads);
