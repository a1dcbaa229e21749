namespace VaeCluster.Distributed.Tests;

/// <summary>
/// A clock that goes on by a beat of the simulated silos at a time: however busy the machine is, who beats outlives his lease. Timers are
/// the system's, so many times as fast: patience of seconds is over in a fraction of one.
/// </summary>
internal sealed class BeatTime(int times = 1) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurry(dueTime), Hurry(period));

    internal void Advance(TimeSpan beat) => Interlocked.Add(ref _ticks, beat.Ticks * times);

    private TimeSpan Hurry(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / times;
}
