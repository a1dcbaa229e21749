namespace VaeCluster.Engine.Torch.Runtime;

/// <summary>Adds up what the programs of a device spend, in ticks of the stopwatch; they may run on several threads.</summary>
internal sealed class DeviceClock
{
    private long _compute;
    private long _copy;

    /// <summary>Ticks in operations, the wait for a GPU included.</summary>
    internal long Compute => Interlocked.Read(ref _compute);

    /// <summary>Ticks in copies of weights and gradients.</summary>
    internal long Copy => Interlocked.Read(ref _copy);

    /// <summary>Adds time in operations.</summary>
    /// <param name="ticks">Ticks of the stopwatch.</param>
    internal void AddCompute(long ticks) => Interlocked.Add(ref _compute, ticks);

    /// <summary>Adds time in copies.</summary>
    /// <param name="ticks">Ticks of the stopwatch.</param>
    internal void AddCopy(long ticks) => Interlocked.Add(ref _copy, ticks);
}
