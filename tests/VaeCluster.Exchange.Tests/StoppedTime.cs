using System.Collections.Concurrent;

namespace VaeCluster.Exchange.Tests;

/// <summary>A clock whose timers fire when a test says so.</summary>
internal sealed class StoppedTime : TimeProvider
{
    private readonly BlockingCollection<Timer> _timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Waits for the next timer that anyone makes, and fires it.</summary>
    internal void FireNext()
    {
        Assert.True(_timers.TryTake(out Timer? timer, Inbox.Patience), "nobody set a timer");
        timer.Fire();
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private int _disposed;

        internal void Fire()
        {
            if (Volatile.Read(ref _disposed) == 0) fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => Volatile.Write(ref _disposed, 1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
