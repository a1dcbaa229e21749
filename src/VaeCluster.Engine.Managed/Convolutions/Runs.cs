using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Engine.Managed.Convolutions;

/// <summary>The positions that one weight ties together, in order: where each begins in the small and in the large grid.</summary>
internal sealed unsafe class Runs(int most, Arena arena)
{
    /// <summary>How many positions.</summary>
    internal int Count { get; private set; }

    /// <summary>Offsets in the small grid.</summary>
    internal nint* Small { get; } = (nint*)arena.Reserve((long)most * sizeof(nint) / sizeof(float));

    /// <summary>Offsets in the large grid.</summary>
    internal nint* Large { get; } = (nint*)arena.Reserve((long)most * sizeof(nint) / sizeof(float));

    /// <summary>Appends a position.</summary>
    /// <param name="small">Its offset in the small grid.</param>
    /// <param name="large">The offset of what it is tied to.</param>
    internal void Add(nint small, nint large)
    {
        Small[Count] = small;
        Large[Count++] = large;
    }
}
