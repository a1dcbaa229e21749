using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Distributed.Workers;
using VaeCluster.Engine.Managed;
using VaeCluster.Exchange;
using VaeCluster.Models.Engines;

namespace VaeCluster.Distributed.Tests;

/// <summary>A silo without a platform: it can die, hang, or be cut off.</summary>
internal sealed class SimulatedSilo : ITensorPost, IDisposable
{
    private readonly SimulatedCluster _cluster;

    internal SimulatedSilo(SimulatedCluster cluster, string name, int port, int devices, bool serves, IEngine? engine = null)
    {
        _cluster = cluster;
        Engine = engine ?? new ManagedEngine();
        Beat = new SiloBeat(
            $"{name}@1", name, new SiloEndpoint("memory", port), serves, [.. Enumerable.Range(0, devices).Select(i => $"cpu:{i}")],
            Faults: []);
        Silo = new LocalSilo(new LocalSiloOptions
        {
            Address = Beat.Exchange,
            Devices = [.. Beat.Devices.Select(device => new Device(device, Engine))],
            Post = this,
            BeforeDecision = cluster.ReachedAsync,
            Log = cluster.Note,
        });
    }

    internal SiloBeat Beat { get; private set; }

    internal LocalSilo Silo { get; }

    internal IEngine Engine { get; }

    /// <summary>Neither beats nor answers nor is reached; calls to it hang, as they do after kill -9 or SIGSTOP.</summary>
    internal bool IsGone { get; set; }

    internal bool IsReachable => !IsGone;

    /// <summary>Completes when it has been a worker of a run for the first time.</summary>
    internal TaskCompletionSource Attached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent)
    {
        SimulatedSilo? target = _cluster.Find(to);
        if (IsGone || target is null || target.IsGone)
        {
            sent?.Invoke(new IOException($"{to} is gone"));
            return;
        }

        if (_cluster.Loses?.Invoke(header) == true)
        {
            sent?.Invoke(null);
            return;
        }

        // In pieces, as on the wire, and on another thread.
        TensorHeader whole = header;
        Task.Run(() =>
        {
            int piece = _cluster.PieceLength;
            for (int offset = 0; offset < data.Length && !target.IsGone; offset += piece)
            {
                int count = Math.Min(piece, data.Length - offset);
                target.Deliver(this, whole with { Offset = offset, Count = count }, data.Slice(offset, count));
            }

            sent?.Invoke(null);
        });
    }

    public void Dispose()
    {
        Silo.Dispose();
        Engine.Dispose();
    }

    internal void Drain() => Beat = Beat with { IsDraining = true };

    internal async Task<T> CallAsync<T>(SimulatedSilo caller, Func<Task<T>> call)
    {
        if (IsGone || caller.IsGone) await Task.Delay(Timeout.Infinite, _cluster.Ending);
        T answer = await Task.Run(call);
        if (IsGone) await Task.Delay(Timeout.Infinite, _cluster.Ending);
        return answer;
    }

    internal Task CallAsync(SimulatedSilo caller, Func<Task> call) => CallAsync(caller, async () =>
    {
        await call();
        return true;
    });

    // One lock a pair stands in for the order of a connection.
    private void Deliver(SimulatedSilo from, in TensorHeader header, ReadOnlyMemory<float> data)
    {
        lock (from)
        {
            Memory<float> target = Silo.Accept(from, header);
            if (target.IsEmpty) return;
            data.CopyTo(target);
            Silo.Received(from, header);
        }
    }
}
