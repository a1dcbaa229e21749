using System.CommandLine;

namespace VaeCluster.Cli.Sweeps;

/// <summary>How a sweep is to be executed.</summary>
/// <param name="Threads">Threads of the process; null: one a core.</param>
/// <param name="Console">Where output goes.</param>
internal sealed record SweepRequest(int? Threads, InvocationConfiguration Console);
