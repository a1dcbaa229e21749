namespace VaeCluster.Data.Tests.Downloads;

/// <summary>A clock on which short delays end at once but timeouts of a minute are never reached.</summary>
internal sealed class InstantDelays : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(30) && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}
