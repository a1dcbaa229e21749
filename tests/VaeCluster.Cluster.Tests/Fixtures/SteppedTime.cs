namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>A clock that the test advances; timers fire only then.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return _now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until some code is waiting for this long, counted from the start of its wait.</summary>
    /// <param name="wait">How long.</param>
    internal async Task WaitedForAsync(TimeSpan wait)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_timers.Exists(timer => timer.Wait == wait)) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Longest);
        }
    }

    /// <summary>Advances the clock; due timers fire in order.</summary>
    /// <param name="span">How far.</param>
    internal void Advance(TimeSpan span)
    {
        TimeSpan end;
        lock (_lock) end = _now + span;
        while (true)
        {
            Timer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                _now = next?.Due ?? end;
                next?.Rearm();
            }

            if (next is null) return;
            next.Fire();
        }
    }

    private sealed class Timer(SteppedTime time, Action fire) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        internal TimeSpan Wait { get; private set; }

        internal TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (Wait, Due) = (dueTime, time._now + dueTime);
                time._timers.Add(this);
                time._changed.TrySetResult();
                time._changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire() => fire();

        // Called under the clock's lock.
        internal void Rearm()
        {
            if (_period > TimeSpan.Zero) Due += _period;
            else time._timers.Remove(this);
        }
    }
}
