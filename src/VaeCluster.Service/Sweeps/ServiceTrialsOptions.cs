using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models.Engines;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Service.Sweeps;

/// <summary>What <see cref="ServiceTrials"/> work with.</summary>
public sealed record ServiceTrialsOptions
{
    /// <summary>The sweep's id: the keys of its trials begin with it.</summary>
    public required string Sweep { get; init; }

    /// <summary>The service that trains the trials.</summary>
    public required IRunService Runs { get; init; }

    /// <summary>The runs' folders.</summary>
    public required RunCatalog Catalog { get; init; }

    /// <summary>Makes the engine that judges finished trials.</summary>
    public required Func<IEngine> Engine { get; init; }

    /// <summary>Data that are open in this process.</summary>
    public required DatasetCache Datasets { get; init; }

    /// <summary>Finds a run's data where they are on this machine; null: where the run file says.</summary>
    public Func<RunSpec, RunSpec>? Places { get; init; }

    /// <summary>How long the service may be away before that counts as a failure of the trial.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Clock of waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
