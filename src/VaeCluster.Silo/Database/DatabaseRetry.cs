using VaeCluster.Core;

namespace VaeCluster.Silo.Database;

/// <summary>Retries an operation with growing pauses while the database cannot be reached. An error that the database itself returns is not
/// retried.</summary>
/// <param name="limit">How long to retry, from the first attempt; zero for a single attempt.</param>
/// <param name="time">The clock.</param>
public sealed class DatabaseRetry(TimeSpan limit, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Runs an operation until it succeeds. Blocks the thread while it waits, so do not call it on a scheduler's thread.</summary>
    /// <param name="action">The operation, which must be safe to repeat.</param>
    /// <exception cref="IOException">The database could not be reached within the limit.</exception>
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

    /// <summary>Runs an operation until it succeeds. At the limit, the last exception is thrown unchanged.</summary>
    /// <param name="action">The operation, which must be safe to repeat.</param>
    /// <param name="log">Receives one line when the waiting begins.</param>
    /// <param name="cancellation">Ends the wait early.</param>
    public async Task RunAsync(Func<Task> action, Action<string> log, CancellationToken cancellation)
    {
        long begun = time.GetTimestamp();
        bool isLogged = false;
        for (TimeSpan pause = First; ; pause = Min(pause * 2, Longest))
        {
            try
            {
                await action();
                return;
            }
            catch (Exception fault) when (IsAway(fault) && time.GetElapsedTime(begun) + pause <= limit)
            {
                if (!isLogged) log($"{fault.Message}; waiting for it");
                isLogged = true;
                await Task.Delay(pause, time, cancellation);
            }
        }
    }

    private static bool IsAway(Exception fault) =>
        ConnectionFault.Is(fault) || (fault is BadInputException { InnerException: { } inner } && ConnectionFault.Is(inner));

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
