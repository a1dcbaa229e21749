using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models.Engines;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Service.Sweeps;

/// <summary>What <see cref="ServiceTrials"/> need.</summary>
public sealed record ServiceTrialsOptions
{
    /// <summary>The sweep's id, with which the keys of its trials begin.</summary>
    public required string Sweep { get; init; }

    /// <summary>The service that trains the trials.</summary>
    public required IRunService Runs { get; init; }

    /// <summary>The folders of the runs.</summary>
    public required RunCatalog Catalog { get; init; }

    /// <summary>Creates the engine that scores finished trials.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Data sets that are open in this process.</summary>
    public required DatasetCache Datasets { get; init; }

    /// <summary>Finds a run's data on this machine; null to use the paths of the run file.</summary>
    public Func<RunSpec, RunSpec>? Places { get; init; }

    /// <summary>How long to retry while the service cannot be reached before the trial counts as failed.</summary>
    public TimeSpan RetryTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The clock for waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
