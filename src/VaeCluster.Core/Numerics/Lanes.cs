using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VaeCluster.Core.Numerics;

/// <summary>
/// The 16 virtual lanes of all arithmetic in a run. <see cref="Vector512{T}"/> is emulated on machines with narrower vectors, so the
/// same code gives the same bits everywhere. The tail of a span that does not fill the lanes is computed on a padded copy, so that no
/// value depends on its position in a span.
/// </summary>
public static class Lanes
{
    /// <summary>Number of lanes.</summary>
    public const int Count = 16;

    /// <summary>Loads 16 elements.</summary>
    /// <param name="source">The span.</param>
    /// <param name="index">Index of the first element; at least 16 elements must follow from there.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ReadOnlySpan<float> source, int index) => Vector512.Create(source.Slice(index, Count));

    /// <summary>Stores 16 elements.</summary>
    /// <param name="value">The elements.</param>
    /// <param name="destination">The span.</param>
    /// <param name="index">Index of the first element; there must be room for 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, Span<float> destination, int index) => value.CopyTo(destination.Slice(index, Count));

    /// <summary>Loads up to 16 elements; the other lanes hold the padding.</summary>
    /// <param name="tail">At most 16 elements.</param>
    /// <param name="padding">The value of the lanes beyond the end.</param>
    public static Vector512<float> LoadTail(ReadOnlySpan<float> tail, float padding = 0f)
    {
        Vector512<float> lanes = Vector512.Create(padding);
        tail.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Vector512<float>, float>(ref lanes), Count));
        return lanes;
    }

    /// <summary>Stores the first lanes into a span of up to 16 elements.</summary>
    /// <param name="value">The lanes.</param>
    /// <param name="tail">At most 16 elements.</param>
    public static void StoreTail(Vector512<float> value, Span<float> tail) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Vector512<float>, float>(ref value), tail.Length).CopyTo(tail);
}
