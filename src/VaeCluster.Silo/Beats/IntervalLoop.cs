namespace VaeCluster.Silo.Beats;

/// <summary>
/// Does something again and again until it is disposed. What fails is tried again at the next interval: the store cannot be reached, which is
/// logged elsewhere, a record is damaged, or a grain is moving to another silo.
/// </summary>
internal sealed class IntervalLoop : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <summary>Starts the loop.</summary>
    /// <param name="interval">How often.</param>
    /// <param name="act">What to do; ended after a few seconds, and when the loop is disposed.</param>
    /// <param name="time">The clock.</param>
    internal IntervalLoop(TimeSpan interval, Func<CancellationToken, Task> act, TimeProvider time) =>
        _loop = Task.Run(() => LoopAsync(interval, act, time));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task LoopAsync(TimeSpan interval, Func<CancellationToken, Task> act, TimeProvider time)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await WaitAsync(timer))
        {
            try
            {
                using var timeout = new CancellationTokenSource(Timeout, time);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, timeout.Token);
                await act(limit.Token);
            }
            catch (Exception)
            {
                // See above.
            }
        }
    }

    private async ValueTask<bool> WaitAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
