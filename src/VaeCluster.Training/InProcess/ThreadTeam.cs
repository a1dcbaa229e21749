namespace VaeCluster.Training.InProcess;

/// <summary>
/// A fixed set of threads that do one piece of work together, over and over: the caller is thread 0, the others wait for the next piece.
/// They spin for the microseconds between the phases of a step and sleep when nothing comes. A run allocates nothing.
/// </summary>
public sealed class ThreadTeam : IDisposable
{
    private readonly Thread[] _threads;
    private readonly Waiter[] _others;
    private readonly Waiter _caller = new();
    private readonly Exception?[] _faults;
    private Action<int> _work = static _ => { };
    private int _round;
    private int _finishedRound;
    private int _busy;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="size">How many work together, the caller included.</param>
    public ThreadTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        Size = size;
        _faults = new Exception?[size];
        _others = [.. Enumerable.Range(1, size - 1).Select(_ => new Waiter())];
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
        if (_threads.Length == 0)
        {
            work(0);
            return;
        }

        _work = work;
        _busy = _threads.Length;
        Begin();
        Do(0);
        _caller.WaitWhile(ref _finishedRound, _round - 1);
        ThrowFaults();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        Begin();
        foreach (Thread thread in _threads) thread.Join();
        foreach (Waiter waiter in _others) waiter.Dispose();
        _caller.Dispose();
    }

    private void Begin()
    {
        Interlocked.Increment(ref _round);
        foreach (Waiter waiter in _others) waiter.Wake();
    }

    private void Serve(int index)
    {
        for (int seen = 0; ; seen++)
        {
            _others[index].WaitWhile(ref _round, seen);
            if (_stopping) return;
            Do(index + 1);
            if (Interlocked.Decrement(ref _busy) > 0) continue;
            Volatile.Write(ref _finishedRound, seen + 1);
            _caller.Wake();
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
