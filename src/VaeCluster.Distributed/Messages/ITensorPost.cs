using VaeCluster.Distributed.Membership;
using VaeCluster.Exchange;

namespace VaeCluster.Distributed.Messages;

/// <summary>Sends tensors to silos: through sockets, or within one process in tests.</summary>
public interface ITensorPost
{
    /// <summary>Queues a tensor; returns at once.</summary>
    /// <param name="to">The silo.</param>
    /// <param name="header">What it is; offset and count are those of the whole tensor.</param>
    /// <param name="data">The elements, left alone until <paramref name="sent"/> is called.</param>
    /// <param name="sent">Told on some thread when the memory is free again, with the fault if it could not be sent.</param>
    void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent);
}
