using VaeCluster.Core.Parameters;

namespace VaeCluster.Engine.Managed;

/// <summary>The destination of the parameters' gradients.</summary>
/// <param name="flat">The caller's flat vector.</param>
/// <param name="add">Whether finished gradients are added to the existing values.</param>
/// <param name="finalFrom">The index from which on all elements are final once the step is done.</param>
/// <param name="announce">Called with the index from which on all elements are final; null if not needed.</param>
internal readonly unsafe struct GradientTarget(float* flat, bool add, int finalFrom, Action<int>? announce)
{
    /// <summary>The caller's flat vector.</summary>
    internal float* Flat { get; } = flat;

    /// <summary>Whether finished gradients are added to the existing values.</summary>
    internal bool Add { get; } = add;

    /// <summary>Whether a step adds to a slice: the caller wants that, or another step has written it.</summary>
    /// <param name="claim">The step's claim of the slice.</param>
    internal bool AddsTo(SliceClaim claim) => Add || claim.Adds;

    /// <summary>Writes an element of a parameter's gradient, or adds to it; see <see cref="AddsTo"/>.</summary>
    /// <param name="slice">The parameter.</param>
    /// <param name="claim">The step's claim of it.</param>
    /// <param name="element">Index in the slice.</param>
    /// <param name="gradient">The step's part.</param>
    internal void Put(ParameterSlice slice, SliceClaim claim, int element, float gradient)
    {
        float* to = Flat + slice.Offset + element;
        *to = AddsTo(claim) ? *to + gradient : gradient;
    }

    /// <summary>
    /// For a slow step that writes its slice from the last element to the first: it may announce its progress, since everything behind the
    /// slice is final before the step begins.
    /// </summary>
    /// <param name="offset">Offset of the step's slice.</param>
    /// <returns>Null if other slices behind it are not final yet, or if announcements are not needed.</returns>
    internal Action<int>? AnnouncerOf(int offset) => offset == finalFrom ? announce : null;
}
