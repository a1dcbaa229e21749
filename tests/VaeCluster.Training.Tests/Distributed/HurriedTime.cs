namespace VaeCluster.Training.Tests.Distributed;

/// <summary>The system's clock, so many times as fast: patience of seconds is over in a fraction of one.</summary>
internal sealed class HurriedTime(int times) : TimeProvider
{
    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => System.GetTimestamp() * times;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurry(dueTime), Hurry(period));

    private TimeSpan Hurry(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / times;
}
