using Orleans.Placement;

namespace VaeCluster.Grains.Placement;

/// <summary>See <see cref="NamedSiloPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnNamedSiloAttribute : PlacementAttribute
{
    /// <summary>Marks a grain class.</summary>
    public OnNamedSiloAttribute()
        : base(NamedSiloPlacement.Singleton)
    {
    }
}
