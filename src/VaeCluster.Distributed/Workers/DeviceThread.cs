using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Workers;

/// <summary>
/// The one thread that computes on a device, for all runs in turn: an item is one node of one run's step, so that no run keeps the others
/// waiting for longer than that.
/// </summary>
public sealed class DeviceThread : IDisposable
{
    private readonly ParkingQueue<Action> _work = new();
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="device">The device's name, for people who look at threads.</param>
    public DeviceThread(string device)
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = $"device {device}" };
        _thread.Start();
    }

    /// <summary>Queues work. It must not throw. Where the silo stops it is not done, and nobody waits for it.</summary>
    /// <param name="work">The work.</param>
    public void Post(Action work) => _work.TryAdd(work);

    /// <summary>Ends the thread when its queue is done.</summary>
    public void Dispose()
    {
        _work.Close();
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Serve()
    {
        while (_work.TryTake(out Action? work)) work();
    }
}
