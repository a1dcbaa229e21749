namespace VaeCluster.Distributed.Membership;

/// <summary>
/// Which silos are alive, by their beats: one that has not been heard of for the lease is gone, however its process or network failed. Who
/// waits is woken by every change, and now and then without one. Safe from several threads.
/// </summary>
public sealed class ClusterRoster : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _lease;
    private readonly Dictionary<string, (SiloBeat Beat, long At)> _silos = [];
    private readonly ITimer _timer;
    private TaskCompletionSource _pulse = NewPulse();
    private long _changed, _version;

    /// <summary>A roster of nobody.</summary>
    /// <param name="time">The clock of leases.</param>
    /// <param name="lease">How long a silo lives after its last beat.</param>
    /// <param name="tick">How often those who wait are woken without a change.</param>
    public ClusterRoster(TimeProvider time, TimeSpan lease, TimeSpan tick)
    {
        _time = time;
        _lease = lease;
        _changed = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Tick(), null, tick, tick);
    }

    /// <summary>The silos that are alive, by name.</summary>
    public IReadOnlyList<SiloBeat> Alive
    {
        get
        {
            lock (_lock)
            {
                Expire_NeedsLock();
                return [.. _silos.Values.Select(silo => silo.Beat).OrderBy(beat => beat.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>How long nobody has come, gone or changed.</summary>
    public TimeSpan Quiet
    {
        get
        {
            lock (_lock) return _time.GetElapsedTime(_changed);
        }
    }

    /// <summary>Counts the changes.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Completes at the next change or tick.</summary>
    public Task Pulse
    {
        get
        {
            lock (_lock) return _pulse.Task;
        }
    }

    /// <summary>Notes a silo's sign of life.</summary>
    /// <param name="beat">The beat.</param>
    public void Beat(SiloBeat beat)
    {
        lock (_lock)
        {
            bool news = !_silos.TryGetValue(beat.Incarnation, out (SiloBeat Beat, long At) known)
                || known.Beat.IsDraining != beat.IsDraining || known.Beat.Faults.Count != beat.Faults.Count
                || known.Beat.Strangers?.Length != beat.Strangers?.Length;
            _silos[beat.Incarnation] = (beat, _time.GetTimestamp());
            if (news) Change_NeedsLock();
        }
    }

    /// <summary>Whether an incarnation of a silo is alive.</summary>
    /// <param name="silo">See <see cref="SiloBeat.Incarnation"/>.</param>
    public bool IsAlive(string silo)
    {
        lock (_lock)
        {
            Expire_NeedsLock();
            return _silos.ContainsKey(silo);
        }
    }

    /// <summary>Counts a change that is not a silo's and wakes those who wait.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _version);
            Pulse_NeedsLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static TaskCompletionSource NewPulse() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tick()
    {
        lock (_lock)
        {
            Expire_NeedsLock();
            Pulse_NeedsLock();
        }
    }

    private void Expire_NeedsLock()
    {
        string[] gone = [.. _silos.Where(silo => _time.GetElapsedTime(silo.Value.At) > _lease).Select(silo => silo.Key)];
        if (gone.Length == 0) return;
        foreach (string silo in gone) _silos.Remove(silo);
        Change_NeedsLock();
    }

    private void Change_NeedsLock()
    {
        Interlocked.Increment(ref _version);
        _changed = _time.GetTimestamp();
        Pulse_NeedsLock();
    }

    private void Pulse_NeedsLock()
    {
        _pulse.TrySetResult();
        _pulse = NewPulse();
    }
}
