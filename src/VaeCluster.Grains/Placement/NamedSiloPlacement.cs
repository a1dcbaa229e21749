namespace VaeCluster.Grains.Placement;

/// <summary>A grain lives on the silo that its key names and nowhere else.</summary>
[Serializable]
public sealed class NamedSiloPlacement : PlacementStrategy
{
    /// <summary>There is one.</summary>
    internal static NamedSiloPlacement Singleton { get; } = new();
}
