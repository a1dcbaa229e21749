using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Service.Store;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Runs;

/// <summary>What a <see cref="RunService"/> works with.</summary>
public sealed record RunServiceOptions
{
    /// <summary>Remembers where the runs stand.</summary>
    public required IRunStore Store { get; init; }

    /// <summary>The runs' folders.</summary>
    public required RunCatalog Catalog { get; init; }

    /// <summary>Data that submitted runs may read.</summary>
    public required DataGate Gate { get; init; }

    /// <summary>Engine, evaluator and report: submitted runs are checked with them, and pictures drawn.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Data that are open in this process.</summary>
    public required DatasetCache Datasets { get; init; }

    /// <summary>Workers of a run that asks for no number of them; told the run.</summary>
    public required Func<RunSpec, int> Workers { get; init; }

    /// <summary>Whether a run file is given the name of the data's content, so that other machines find the same data elsewhere.</summary>
    public bool PinsData { get; init; }

    /// <summary>How often the metrics of a run in progress are looked at for someone who follows it.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Clock of everything measured and waited for.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
