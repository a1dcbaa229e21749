using System.Runtime.InteropServices;

namespace VaeCluster.Engine.Managed.Memory;

/// <summary>
/// Native memory of a program, allocated once and freed together: zeroed, aligned to cache lines, readable slightly past each end.
/// </summary>
internal sealed unsafe class Arena : IDisposable
{
    private const int Alignment = 64;

    // Kernels read whole vectors of 16 and tiles of 32 columns; values read past the end are never used.
    private const int Slack = 64;

    private readonly List<nint> _blocks = [];

    /// <summary>Floats reserved so far, over all blocks.</summary>
    internal long Reserved { get; private set; }

    /// <summary>Reserves zeroed floats.</summary>
    /// <param name="count">Number of floats.</param>
    internal float* Reserve(long count)
    {
        nuint bytes = checked((nuint)(count + Slack) * sizeof(float));
        void* block = NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(block, bytes);
        _blocks.Add((nint)block);
        Reserved += count;
        return (float*)block;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint block in _blocks) NativeMemory.AlignedFree((void*)block);
        _blocks.Clear();
    }
}
