namespace VaeCluster.Engine.Managed.Memory;

/// <summary>
/// Memory that the steps of a program use in turns, each only while it runs: as long as the longest demand, and still in the caches when
/// the next step writes to it. Its contents are whatever the last step left.
/// </summary>
/// <param name="arena">Provides the memory.</param>
internal sealed unsafe class Scratch(Arena arena)
{
    private long _length;

    /// <summary>The memory, once all steps are planned.</summary>
    internal float* Data { get; private set; }

    /// <summary>Plans a use.</summary>
    /// <param name="length">Number of floats.</param>
    internal void Demand(long length) => _length = Math.Max(_length, length);

    /// <summary>Reserves the memory: all steps are planned.</summary>
    internal void Reserve()
    {
        if (_length > 0) Data = arena.Reserve(_length);
    }
}
