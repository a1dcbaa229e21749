namespace VaeCluster.Engine.Managed;

/// <summary>Where the gradients of parameters go.</summary>
/// <param name="flat">The caller's flat vector.</param>
/// <param name="add">Whether a finished gradient is added to what is there.</param>
internal readonly unsafe struct GradientTarget(float* flat, bool add)
{
    /// <summary>The caller's flat vector.</summary>
    internal float* Flat { get; } = flat;

    /// <summary>Whether a finished gradient is added to what is there.</summary>
    internal bool Add { get; } = add;
}
