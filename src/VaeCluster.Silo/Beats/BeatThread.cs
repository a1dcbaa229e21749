using System.Collections.Concurrent;
using System.Diagnostics;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Silos;
using VaeCluster.Grains.Coordination;

namespace VaeCluster.Silo.Beats;

/// <summary>
/// Tells the coordinators of all active runs four times a second that this silo lives; that also brings back a coordinator whose silo was
/// lost. A thread of its own does it, above normal priority, so that neither computing nor a busy pool is taken for a death.
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

    /// <summary>Begins to beat.</summary>
    /// <param name="grains">Finds coordinators.</param>
    /// <param name="silo">The silo's part in the runs.</param>
    /// <param name="beat">What is said of the silo, but for its faults.</param>
    /// <param name="runs">The runs whose coordinators are told.</param>
    internal BeatThread(IGrainFactory grains, LocalSilo silo, SiloBeat beat, Func<IReadOnlyList<string>> runs)
    {
        _grains = grains;
        _silo = silo;
        _beat = beat;
        _runs = runs;
        _thread = new Thread(Serve) { IsBackground = true, Name = "beats", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Says from now on, and at once, that the silo is about to leave.</summary>
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

    // Nobody waits for the answer: whoever was not reached is told again by the next beat.
    private void Beat(string run)
    {
        Pending pending = _pending.GetOrAdd(run, static _ => new Pending());
        if (Volatile.Read(ref pending.Count) >= MostOutstanding) return;
        Interlocked.Increment(ref pending.Count);
        try
        {
            SiloBeat beat = _beat with { IsDraining = _isLeaving, Faults = _silo.FaultsOf(run) };
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
            // Orleans is about to stop.
            Interlocked.Decrement(ref pending.Count);
        }
    }

    private sealed class Pending
    {
        internal int Count;
    }
}
