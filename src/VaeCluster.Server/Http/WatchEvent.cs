using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>The current state of a run.</summary>
/// <param name="Run">The run, without its run file.</param>
/// <param name="Latest">The values of its last step by name.</param>
public sealed record WatchEvent(RunInfo Run, IReadOnlyDictionary<string, double> Latest);
