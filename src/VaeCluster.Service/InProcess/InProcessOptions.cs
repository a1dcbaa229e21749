using VaeCluster.Core.Reduction;
using VaeCluster.Models.Engines;

namespace VaeCluster.Service.InProcess;

/// <summary>How runs and sweeps are executed in this process.</summary>
public sealed record InProcessOptions
{
    /// <summary>The folder of runs, which holds the sweeps too; made where it does not exist.</summary>
    public required string RunsFolder { get; init; }

    /// <summary>Folders whose files submitted runs may read; none: only generated data.</summary>
    public IReadOnlyList<string> DataFolders { get; init; } = [];

    /// <summary>Makes the engine of a run or a trial.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Runs that train side by side; they share the cores.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Threads that the trials of a sweep share.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of what happens to runs and sweeps, in one line each.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Clock of everything measured and waited for.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often the log of something in progress is looked at for someone who follows it.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>See <see cref="Training.Runs.TrainingOptions.BeforeNode"/>.</summary>
    public Action<string, int, TreeNode>? BeforeNode { get; init; }
}
