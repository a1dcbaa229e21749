using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>What a <see cref="RunService"/> needs.</summary>
public sealed record RunServiceOptions
{
    /// <summary>Stores the runs' states.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>The folders of the runs.</summary>
    public required RunCatalog Catalog { get; init; }

    /// <summary>Decides which data submitted runs may read.</summary>
    public required DataGate Gate { get; init; }

    /// <summary>Engine, evaluator and report, for checking submitted runs and drawing pictures.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Data sets that are open in this process.</summary>
    public required DatasetCache Datasets { get; init; }

    /// <summary>The number of workers of a run that does not ask for one.</summary>
    public required Func<RunSpec, int> Workers { get; init; }

    /// <summary>
    /// Whether to add a hash of the data's content to the run file, so that other machines can find the same data elsewhere.
    /// </summary>
    public bool PinsData { get; init; }

    /// <summary>How often to check the metrics of a followed run for new lines.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The clock for all measuring and waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
