using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Sweeps;

/// <summary>What a <see cref="SweepService"/> works with.</summary>
public sealed record SweepServiceOptions
{
    /// <summary>Store, folders and trials.</summary>
    public required SweepKeeperOptions Keeper { get; init; }

    /// <summary>Data that submitted sweeps may read.</summary>
    public required DataGate Gate { get; init; }

    /// <summary>The service of runs, whose runs the trials may be.</summary>
    public required IRunService Runs { get; init; }

    /// <summary>How often the log of a sweep in progress is looked at for someone who follows it.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
