namespace VaeCluster.Grains.Placement;

/// <summary>Places a grain on the silo that its key names, and nowhere else.</summary>
[Serializable]
public sealed class NamedSiloPlacement : PlacementStrategy
{
    /// <summary>The only instance.</summary>
    internal static NamedSiloPlacement Singleton { get; } = new();
}
