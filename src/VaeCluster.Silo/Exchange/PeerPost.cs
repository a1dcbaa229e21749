using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Exchange;

namespace VaeCluster.Silo.Exchange;

/// <summary>Sends tensors to other silos.</summary>
/// <param name="peers">The senders.</param>
internal sealed class PeerPost(TensorPeers peers) : ITensorPost
{
    /// <inheritdoc/>
    public void Post(SiloEndpoint to, in TensorHeader header, ReadOnlyMemory<float> data, Action<Exception?>? sent)
    {
        TensorSender sender;
        try
        {
            sender = peers.To(Text(to));
        }
        catch (Exception fault) when (fault is ObjectDisposedException or ArgumentException)
        {
            // This silo is stopping, or the peer's address is invalid: tell the waiting caller.
            sent?.Invoke(fault);
            return;
        }

        sender.Post(header, data, sent);
    }

    private static string Text(SiloEndpoint silo) =>
        silo.Host.Contains(':', StringComparison.Ordinal) ? FormattableString.Invariant($"[{silo.Host}]:{silo.Port}") : silo.ToString();
}
