using System.CommandLine;

namespace VaeCluster.Cli.Runs;

/// <summary>How a run is to be executed.</summary>
/// <param name="RunFile">The run file, to be named in faults.</param>
/// <param name="Workers">Workers that share a batch.</param>
/// <param name="Threads">Threads of the process; null: one per core, at most one per shard.</param>
/// <param name="Ranges">Ranges that the parameters are cut into.</param>
/// <param name="Console">Where output goes.</param>
internal sealed record TrainingRequest(string RunFile, int Workers, int? Threads, int Ranges, InvocationConfiguration Console);
