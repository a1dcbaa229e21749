using VaeCluster.Data;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Workers;
using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Silos;

/// <summary>What a silo brings to the runs that it takes part in.</summary>
public sealed record LocalSiloOptions
{
    /// <summary>The silo's name, for people.</summary>
    public string Name { get; init; } = "silo";

    /// <summary>Where the other silos reach this one's tensor listener.</summary>
    public required SiloEndpoint Address { get; init; }

    /// <summary>Its devices, a worker each; none on a silo that is no worker.</summary>
    public IReadOnlyList<Device> Devices { get; init; } = [];

    /// <summary>Where it looks for data.</summary>
    public DataPlaces Data { get; init; } = new([]);

    /// <summary>Data that are open on this silo.</summary>
    public DatasetCache Datasets { get; init; } = new();

    /// <summary>Sends tensors to other silos.</summary>
    public required ITensorPost Post { get; init; }

    /// <summary>The name of a worker, as the coordinator has it.</summary>
    /// <param name="device">Its device.</param>
    public string NameOf(string device) => $"{Name}/{device}";

    /// <summary>
    /// Awaited with the step's number before a decision is sent to a range; null: nothing is waited for. For tests of faults.
    /// </summary>
    public Func<int, Task>? BeforeDecision { get; init; }

    /// <summary>Told what a person should know, in one line each.</summary>
    public Action<string>? Log
    {
        get;
        init => (field, LimitedLog) = (value, new LimitedLog(value, TimeProvider.System));
    }

    /// <summary>For lines that peers can cause as often as they like.</summary>
    internal LimitedLog? LimitedLog { get; private init; }
}
