namespace VaeCluster.Data.Tests.Downloads;

/// <summary>A clock whose timers all fire shortly after they are set or reset.</summary>
internal sealed class InstantTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ShortTimer(base.CreateTimer(callback, state, Short(dueTime), period));

    private static TimeSpan Short(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : TimeSpan.FromMilliseconds(100);

    private sealed class ShortTimer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Short(dueTime), period);

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
