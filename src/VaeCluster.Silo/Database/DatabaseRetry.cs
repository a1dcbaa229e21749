using VaeCluster.Core;

namespace VaeCluster.Silo.Database;

/// <summary>Asks a database again while it is away, at growing distances, for a while; what it refuses is refused at once.</summary>
/// <param name="limit">How long to go on from the first fault; zero: ask once.</param>
/// <param name="time">The clock.</param>
public sealed class DatabaseRetry(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Asks once or more. Waiting blocks the thread: not for threads of a scheduler.</summary>
    /// <param name="action">The question; it must be one that may be asked twice.</param>
    public T Run<T>(Func<T> action)
    {
        long begun = time.GetTimestamp();
        for (TimeSpan pause = First; ; pause = Min(pause * 2, Longest))
        {
            try
            {
                return action();
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

    /// <summary>Does something once or more, until the database is there. The last fault is told as it came.</summary>
    /// <param name="action">What is done; it must be such that it may be done twice.</param>
    /// <param name="log">Told once that it waits.</param>
    /// <param name="cancellation">Ends the wait early.</param>
    public async Task RunAsync(Func<Task> action, Action<string> log, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        bool isTold = false;
        for (TimeSpan pause = First; ; pause = Min(pause * 2, Longest))
        {
            try
            {
                await action();
                return;
            }
            catch (Exception fault) when (IsAway(fault) && time.GetElapsedTime(begun) + pause <= limit)
            {
                if (!isTold) log($"{fault.Message}; waiting for it");
                isTold = true;
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    private static bool IsAway(Exception fault) =>
        ConnectionFault.Is(fault) || (fault is BadInputException { InnerException: { } inner } && ConnectionFault.Is(inner));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
