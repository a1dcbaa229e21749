using Orleans;

namespace VaeCluster.Distributed.Messages;

/// <summary>What a worker says of itself before it gets shards.</summary>
/// <param name="Arithmetic">See <see cref="Models.Engines.IEngine.Arithmetic"/>.</param>
/// <param name="Fingerprint">Its training data by their content.</param>
[GenerateSerializer]
[Immutable]
[Alias("vaecluster.WorkerStatement")]
public sealed record WorkerStatement([Id(0)] string Arithmetic, [Id(1)] string Fingerprint);
