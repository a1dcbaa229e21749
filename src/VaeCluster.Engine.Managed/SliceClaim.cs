namespace VaeCluster.Engine.Managed;

/// <summary>A step's share in the gradient of a parameter.</summary>
internal sealed class SliceClaim
{
    /// <summary>Whether another step has written the gradient before, so that this one adds to it.</summary>
    internal bool Adds { get; set; }
}
