namespace VaeCluster.Silo.Database;

/// <summary>Asks a database again while it is away, at growing distances, for a while; what it refuses is refused at once.</summary>
/// <param name="limit">How long to go on from the first fault; zero: ask once.</param>
/// <param name="time">The clock.</param>
public sealed class Patience(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Asks once or more. Waiting blocks the thread: not for threads of a scheduler.</summary>
    /// <param name="ask">The question; it must be one that may be asked twice.</param>
    public T Ask<T>(Func<T> ask)
    {
        long begun = time.GetTimestamp();
        for (TimeSpan pause = First; ; pause = Min(pause * 2, Longest))
        {
            try
            {
                return ask();
            }
            catch (Exception fault) when (ConnectionFault.Is(fault) && time.GetElapsedTime(begun) + pause <= limit)
            {
                Task.Delay(pause, time).GetAwaiter().GetResult();
            }
            catch (Exception fault) when (ConnectionFault.Is(fault))
            {
                string reason = ConnectionFault.Describe(fault);
                throw new IOException(FormattableString.Invariant($"the database did not answer for {limit.TotalSeconds:0.#} s: {reason}"), fault);
            }
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
