using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>What a silo's sweep grains need; the silo registers it once.</summary>
public sealed record SweepOptions
{
    /// <summary>Store, folders and trials.</summary>
    public required SweepKeeperOptions Keeper { get; init; }

    /// <summary>The sweeps that this silo drives now.</summary>
    public LocalDrivers Keepers { get; } = new();

    /// <summary>Creates what drives a sweep on this silo.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="left">Called when the sweep has no more work on this silo.</param>
    internal DriverSeat<SweepKeeper> SeatOf(string sweep, Action left) =>
        new(sweep, Keeper.Store, Keepers, id => new SweepKeeper(id, Keeper), left);
}
