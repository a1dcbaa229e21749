using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;

namespace VaeCluster.Distributed.Coordination;

/// <summary>A worker of another silo from the first beat on, as the coordinator of one run sees it.</summary>
/// <param name="beat">Its silo.</param>
/// <param name="device">Its device.</param>
/// <param name="link">The way to it.</param>
internal sealed class ClusterWorker(SiloBeat beat, string device, IWorkerLink link)
{
    /// <summary>Its silo, as of the first beat.</summary>
    internal SiloBeat Beat { get; } = beat;

    /// <summary>Its device.</summary>
    internal string Device { get; } = device;

    /// <summary>Its name, for people.</summary>
    internal string Name { get; } = $"{beat.Name}/{device}";

    /// <summary>The way to it.</summary>
    internal IWorkerLink Link { get; } = link;

    /// <summary>Its opening of data and model.</summary>
    internal Task<WorkerStatement>? Attaching { get; set; }

    /// <summary>Whether the ranges send it their weights, so that it can be given shards.</summary>
    internal bool IsReady { get; set; }

    /// <summary>Why it gets no shards, in one line; null: it may.</summary>
    internal string? Refusal { get; set; }

    /// <summary>A call to it has failed; it is attached anew when it still beats.</summary>
    internal volatile bool IsLost;
}
