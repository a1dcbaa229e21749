namespace VaeCluster.Distributed.Messages;

/// <summary>What a worker says of itself before it gets shards.</summary>
/// <param name="Arithmetic">See <see cref="Models.Engines.IEngine.Arithmetic"/>.</param>
/// <param name="Fingerprint">Its training data by their content.</param>
public sealed record WorkerStatement(string Arithmetic, string Fingerprint);
