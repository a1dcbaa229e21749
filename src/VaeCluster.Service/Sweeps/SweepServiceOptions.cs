using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Sweeps;

/// <summary>What a <see cref="SweepService"/> needs.</summary>
public sealed record SweepServiceOptions
{
    /// <summary>Store, folders and trials.</summary>
    public required SweepKeeperOptions Keeper { get; init; }

    /// <summary>Decides which data submitted sweeps may read.</summary>
    public required DataGate Gate { get; init; }

    /// <summary>The run service, whose runs the trials may be.</summary>
    public required IRunService Runs { get; init; }

    /// <summary>How often to check the log of a followed sweep for new lines.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);
}
