using System.Collections.Concurrent;
using System.Diagnostics;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Silos;
using VaeCluster.Grains.Coordination;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// Sends a heartbeat to the coordinators of all active runs four times a second, which also reactivates a coordinator whose silo was lost.
/// It has a dedicated thread with above-normal priority, so that computation or a busy thread pool cannot make this silo look dead.
/// </summary>
internal sealed class BeatThread : IDisposable
{
    private const int MostOutstanding = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Pending> _pending = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly IGrainFactory _grains;
    private readonly LocalSilo _silo;
    private readonly SiloBeat _beat;
    private readonly Func<IReadOnlyList<string>> _runs;
    private readonly Thread _thread;
    private volatile bool _isLeaving, _stopped;

    /// <summary>Starts sending heartbeats.</summary>
    /// <param name="grains">Finds the coordinators' grains.</param>
    /// <param name="silo">Supplies the faults and strangers that each heartbeat reports.</param>
    /// <param name="beat">The heartbeat without faults.</param>
    /// <param name="runs">Returns the ids of the active runs.</param>
    internal BeatThread(IGrainFactory grains, LocalSilo silo, SiloBeat beat, Func<IReadOnlyList<string>> runs)
    {
        _grains = grains;
        _silo = silo;
        _beat = beat;
        _runs = runs;
        _thread = new Thread(Serve) { IsBackground = true, Name = "beats", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Sends a heartbeat at once, and from now on marks them all as leaving.</summary>
    internal void Leave()
    {
        _isLeaving = true;
        _wake.Set();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopped = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Serve()
    {
        while (!_stopped)
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<string> runs = _runs();
            foreach (string run in runs) Beat(run);
            foreach (string run in _pending.Keys.Except(runs)) _pending.TryRemove(run, out _);
            TimeSpan left = Interval - Stopwatch.GetElapsedTime(started);
            if (left > TimeSpan.Zero) _wake.WaitOne(left);
        }
    }

    // Do not wait for the answer: the next heartbeat repeats a lost one.
    private void Beat(string run)
    {
        Pending pending = _pending.GetOrAdd(run, static _ => new Pending());
        if (Volatile.Read(ref pending.Count) >= MostOutstanding) return;
        Interlocked.Increment(ref pending.Count);
        try
        {
            SiloBeat beat = _beat with { IsDraining = _isLeaving, Faults = _silo.FaultsOf(run), Strangers = _silo.StrangersOf(run) };
            _grains.GetGrain<ICoordinatorGrain>(run).BeatAsync(beat).ContinueWith(
                static (task, state) =>
                {
                    _ = task.Exception;
                    Interlocked.Decrement(ref ((Pending)state!).Count);
                },
                pending, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        catch (Exception)
        {
            // Orleans is stopping.
            Interlocked.Decrement(ref pending.Count);
        }
    }

    private sealed class Pending
    {
        internal int Count;
    }
}
