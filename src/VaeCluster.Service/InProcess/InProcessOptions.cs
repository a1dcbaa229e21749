using VaeCluster.Core.Reduction;
using VaeCluster.Models.Engines;

namespace VaeCluster.Service.InProcess;

/// <summary>How runs and sweeps are executed in this process.</summary>
public sealed record InProcessOptions
{
    /// <summary>The folder of runs and sweeps; created if it does not exist.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>Folders whose files submitted runs may read; if empty, runs can use only generated data.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>Creates the engine of a run or trial.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Number of runs trained at a time; they share the cores.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Number of threads that the trials of a sweep share.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How long runs and sweeps may take to stop, with their checkpoints.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Receives what happens to runs and sweeps, one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>The clock for all measuring and waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often to check the log of a followed run or sweep for new lines.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>See <see cref="Training.Runs.TrainingOptions.BeforeNode"/>.</summary>
    public Action<string, int, TreeNode>? BeforeNode { get; init; }
}
