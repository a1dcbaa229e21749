namespace VaeCluster.Engine.Managed.Elementwise;

/// <summary>A number that the caller sets for the next runs.</summary>
internal sealed class Scalar
{
    /// <summary>Its value; 1 until it is first set.</summary>
    internal float Number { get; set; } = 1f;
}
