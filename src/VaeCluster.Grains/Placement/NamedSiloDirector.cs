using Orleans.Runtime.Placement;

namespace VaeCluster.Grains.Placement;

/// <summary>Places a grain on the silo that its key names. If that silo has gone, the call fails at once.</summary>
public sealed class NamedSiloDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress silo = SiloKey.Parse(target.GrainIdentity.Key.ToString()!).Silo;
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"silo {silo} has gone or does not have this role");
    }
}
