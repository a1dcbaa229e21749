namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A clock on which every wait ends at once and appears to have taken its full time.</summary>
internal sealed class InstantTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The waits so far.</summary>
    internal IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock) return [.. _waits];
        }
    }

    /// <summary>Called in each wait with its number, from 1.</summary>
    internal Action<int>? During { get; set; }

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        int number;
        lock (_lock)
        {
            _waits.Add(dueTime);
            number = _waits.Count;
        }

        During?.Invoke(number);
        Interlocked.Add(ref _ticks, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
