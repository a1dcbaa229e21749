namespace VaeCluster.Training.InProcess;

/// <summary>
/// A fixed set of threads that do one piece of work together, over and over: the caller is thread 0, the others wait for the next piece.
/// They spin for the microseconds between the phases of a step and sleep when nothing comes. A run allocates nothing.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    // About 50 µs: longer than the gaps within a step, shorter than a scheduler's time slice.
    private const int SpinsBeforeSleep = 2_000;

    private readonly Thread[] _threads;
    private readonly AutoResetEvent[] _wake;
    private readonly int[] _asleep;
    private readonly Exception?[] _faults;
    private Action<int> _work = static _ => { };
    private int _round;
    private int _busy;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">How many work together, the caller included.</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _faults = new Exception?[size];
        _wake = [.. Enumerable.Range(1, size - 1).Select(_ => new AutoResetEvent(false))];
        _asleep = new int[size - 1];
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int index = i;
            _threads[i] = new Thread(() => Serve(index)) { IsBackground = true, Name = $"compute-{index + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>How many threads work together.</summary>
    public int Size { get; }

    /// <summary>Does one piece of work on every thread and waits for all.</summary>
    /// <param name="work">Called on each thread with its index, 0 to <see cref="Size"/> − 1.</param>
    /// <exception cref="AggregateException">Some threads failed.</exception>
    public void Run(Action<int> work)
    {
        _work = work;
        _busy = _threads.Length;
        Interlocked.Increment(ref _round);
        for (int i = 0; i < _threads.Length; i++)
            if (Interlocked.Exchange(ref _asleep[i], 0) == 1) _wake[i].Set();

        Do(0);
        for (int spins = 0; Volatile.Read(ref _busy) > 0; spins++)
        {
            if (spins < SpinsBeforeSleep) Thread.SpinWait(20);
            else Thread.Yield();
        }

        ThrowFaults();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        Interlocked.Increment(ref _round);
        for (int i = 0; i < _threads.Length; i++) _wake[i].Set();
        foreach (Thread thread in _threads) thread.Join();
        foreach (AutoResetEvent wake in _wake) wake.Dispose();
    }

    private void Serve(int index)
    {
        int seen = 0;
        while (true)
        {
            AwaitRound(index, seen);
            seen++;
            if (_stopping) return;
            Do(index + 1);
            Interlocked.Decrement(ref _busy);
        }
    }

    private void AwaitRound(int index, int seen)
    {
        for (int spins = 0; Volatile.Read(ref _round) == seen; spins++)
        {
            if (spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(20);
                continue;
            }

            // Announce the sleep, then look again: a round that began in between either sees the announcement or is seen here.
            Interlocked.Exchange(ref _asleep[index], 1);
            if (Volatile.Read(ref _round) != seen && Interlocked.Exchange(ref _asleep[index], 0) == 1) return;
            _wake[index].WaitOne();
        }
    }

    private void Do(int thread)
    {
        try
        {
            _work(thread);
        }
        catch (Exception fault)
        {
            _faults[thread] = fault;
        }
    }

    private void ThrowFaults()
    {
        if (Array.TrueForAll(_faults, fault => fault is null)) return;
        Exception[] faults = [.. _faults.OfType<Exception>()];
        Array.Clear(_faults);
        throw new AggregateException(faults);
    }
}
