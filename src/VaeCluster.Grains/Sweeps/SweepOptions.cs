using VaeCluster.Service.Store;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>What the sweeps of a silo work with; registered once by the silo.</summary>
public sealed record SweepOptions
{
    /// <summary>The sweeps' folders, among those of the runs.</summary>
    public required SweepCatalog Catalog { get; init; }

    /// <summary>Store and trials.</summary>
    public required SweepKeeperOptions Keeper { get; init; }

    /// <summary>The sweeps that the silo is in charge of now.</summary>
    public LocalKeepers Keepers { get; } = new();
}
