namespace VaeCluster.Engine.Managed;

/// <summary>Where the gradients of parameters go.</summary>
/// <param name="flat">The caller's flat vector.</param>
/// <param name="add">Whether a finished gradient is added to what is there.</param>
/// <param name="finalFrom">The first element from which on all are final once the step is done.</param>
/// <param name="announce">Told from which element on all are final; null: nobody wants to know.</param>
internal readonly unsafe struct GradientTarget(float* flat, bool add, int finalFrom, Action<int>? announce)
{
    /// <summary>The caller's flat vector.</summary>
    internal float* Flat { get; } = flat;

    /// <summary>Whether a finished gradient is added to what is there.</summary>
    internal bool Add { get; } = add;

    /// <summary>
    /// For a step that takes its time and writes the slice from this element on, last element first: it may announce what it has done so far,
    /// since all behind the slice is final before the step begins.
    /// </summary>
    /// <param name="offset">Where the step's slice begins.</param>
    /// <returns>Null: this step's slice is not the last that is missing, or nobody wants to know.</returns>
    internal Action<int>? AnnouncerOf(int offset) => offset == finalFrom ? announce : null;
}
