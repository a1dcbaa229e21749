using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>What the sweeps of a silo work with; registered once by the silo.</summary>
public sealed record SweepOptions
{
    /// <summary>Store, folders and trials.</summary>
    public required SweepKeeperOptions Keeper { get; init; }

    /// <summary>The sweeps that the silo is in charge of now.</summary>
    public LocalDrivers Keepers { get; } = new();

    /// <summary>Where a sweep is taken up.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="left">Called when nothing is left to be done there.</param>
    internal DriverSeat<SweepKeeper> SeatOf(string sweep, Action left) =>
        new(sweep, Keeper.Store, Keepers, id => new SweepKeeper(id, Keeper), left);
}
