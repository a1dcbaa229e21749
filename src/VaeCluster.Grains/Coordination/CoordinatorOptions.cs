using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Grains.Coordination;

/// <summary>What the coordinators of a silo work with; registered once by the silo.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>The runs' folders, shared by all server silos.</summary>
    public required RunCatalog Catalog { get; init; }

    /// <summary>The store, and how long it is waited for.</summary>
    public required RunDriverOptions Driver { get; init; }

    /// <summary>Silo, engine and limits.</summary>
    public required DistributedExecutionOptions Execution { get; init; }

    /// <summary>The runs that the silo coordinates now.</summary>
    public LocalDrivers Drivers { get; } = new();
}
