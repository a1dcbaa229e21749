using System.Diagnostics.Metrics;

namespace VaeCluster.Training.Instruments;

/// <summary>
/// When the last checkpoint of a run in progress was written; while the run goes on it counts for the gauge of the oldest.
/// </summary>
internal sealed class CheckpointClock : IDisposable
{
    private static readonly Lock Guard = new();
    private static readonly HashSet<CheckpointClock> Running = [];

    private readonly TimeProvider _time;
    private long _last;

    internal CheckpointClock(TimeProvider time)
    {
        _time = time;
        Reset();
        lock (Guard) Running.Add(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Guard) Running.Remove(this);
    }

    /// <summary>A checkpoint is on disk.</summary>
    internal void Reset() => Volatile.Write(ref _last, _time.GetTimestamp());

    /// <summary>The longest time since a checkpoint, in seconds; nothing where no run is in progress.</summary>
    internal static IEnumerable<Measurement<double>> Oldest()
    {
        lock (Guard)
        {
            if (Running.Count == 0) return [];
            TimeSpan oldest = Running.Max(clock => clock._time.GetElapsedTime(Volatile.Read(ref clock._last)));
            return [new Measurement<double>(oldest.TotalSeconds)];
        }
    }
}
