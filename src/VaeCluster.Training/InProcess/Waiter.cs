namespace VaeCluster.Training.InProcess;

/// <summary>
/// One thread that waits for a number to change. It spins for about as long as a phase of a step may lag behind, then sleeps: on a machine
/// that others use too, a thread that spins on keeps away the very one it waits for.
/// </summary>
internal sealed class Waiter : IDisposable
{
    // Looks before it sleeps, each under a microsecond.
    private const int Spins = 400;

    private readonly SemaphoreSlim _semaphore = new(0);
    private int _asleep;

    /// <summary>Waits until a number is no longer what it was.</summary>
    /// <param name="number">The number; whoever changes it calls <see cref="Wake"/> afterwards.</param>
    /// <param name="value">What it was.</param>
    internal void WaitWhile(ref int number, int value)
    {
        for (int looks = 0; Volatile.Read(ref number) == value; looks++)
        {
            if (looks < Spins)
            {
                Thread.SpinWait(20);
                continue;
            }

            // Announce the sleep, then look again: a change in between either sees the announcement or is seen here.
            Interlocked.Exchange(ref _asleep, 1);
            if (Volatile.Read(ref number) != value && Interlocked.Exchange(ref _asleep, 0) == 1) return;
            _semaphore.Wait();
        }
    }

    /// <summary>Wakes the thread if it sleeps.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref _asleep, 0) == 1) _semaphore.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _semaphore.Dispose();
}
