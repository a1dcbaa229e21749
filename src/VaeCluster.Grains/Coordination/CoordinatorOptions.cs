using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Grains.Coordination;

/// <summary>What a silo's coordinators need; the silo registers it once.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>The runs' folders, shared by all server silos.</summary>
    public required RunCatalog Catalog { get; init; }

    /// <summary>The store, and how long to wait for it.</summary>
    public required RunDriverOptions Driver { get; init; }

    /// <summary>Own silo, engine and limits.</summary>
    public required DistributedExecutionOptions Execution { get; init; }

    /// <summary>The runs that this silo drives now.</summary>
    public LocalDrivers Drivers { get; } = new();
}
