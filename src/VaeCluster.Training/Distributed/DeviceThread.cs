using System.Collections.Concurrent;

namespace VaeCluster.Training.Distributed;

/// <summary>
/// The one thread that computes on a device, for all runs in turn: an item is one node of one run's step, so that no run keeps the others waiting
/// for longer than that.
/// </summary>
public sealed class DeviceThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="device">The device's name, for people who look at threads.</param>
    public DeviceThread(string device)
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = $"device {device}" };
        _thread.Start();
    }

    /// <summary>Queues work. It must not throw.</summary>
    /// <param name="work">The work.</param>
    public void Post(Action work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The silo stops: nobody waits for it.
        }
    }

    /// <summary>Ends the thread when its queue is done.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Serve()
    {
        foreach (Action work in _work.GetConsumingEnumerable()) work();
    }
}
