using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>The pairs of positions that one weight connects, in order, as offsets in the small and in the large grid.</summary>
internal sealed unsafe class Runs(int most, Arena arena)
{
    /// <summary>Number of positions.</summary>
    internal int Count { get; private set; }

    /// <summary>Offsets in the small grid.</summary>
    internal nint* Small { get; } = (nint*)arena.Reserve((long)most * sizeof(nint) / sizeof(float));

    /// <summary>Offsets in the large grid.</summary>
    internal nint* Large { get; } = (nint*)arena.Reserve((long)most * sizeof(nint) / sizeof(float));

    /// <summary>Appends a position.</summary>
    /// <param name="small">Its offset in the small grid.</param>
    /// <param name="large">The offset of the connected position in the large grid.</param>
    internal void Add(nint small, nint large)
    {
        Small[Count] = small;
        Large[Count++] = large;
    }
}
