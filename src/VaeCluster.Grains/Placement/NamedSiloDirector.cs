using Orleans.Runtime.Placement;

namespace VaeCluster.Grains.Placement;

/// <summary>Places a grain on the silo that its key names; where that one is gone, nowhere: the call fails at once.</summary>
public sealed class NamedSiloDirector : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress silo = SiloKey.Parse(target.GrainIdentity.Key.ToString()!).Silo;
        return context.GetCompatibleSilos(target).Contains(silo)
            ? Task.FromResult(silo)
            : throw new SiloUnavailableException($"silo {silo} is gone or has not this role");
    }
}
