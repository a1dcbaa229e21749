using VaeCluster.Engine.Torch.Memory;
using VaeCluster.Models.Graphs;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>An output that the caller reads, gathered shard by shard in example order.</summary>
internal sealed class ShardOutput : IDisposable
{
    private readonly HostVector _host;
    private readonly Tensor[] _parts;

    /// <summary>Memory for an output.</summary>
    /// <param name="node">The value; one that is not per example is the first shard's.</param>
    /// <param name="shards">How many shards.</param>
    /// <param name="rows">Rows of a shard.</param>
    /// <param name="pageLocked">Whether it comes from a GPU.</param>
    internal ShardOutput(Node node, int shards, int rows, bool pageLocked)
    {
        Node = node;
        int parts = node.PerExample ? shards : 1, length = node.Rows(rows) * node.Size;
        _host = HostVector.Create(checked(parts * length), pageLocked);
        _parts = [.. Enumerable.Range(0, parts)
            .Select(part => _host.Tensor.narrow(0, (long)part * length, length).DetachFromDisposeScope())];
    }

    /// <summary>The value.</summary>
    internal Node Node { get; }

    /// <summary>What the caller reads.</summary>
    internal ReadOnlySpan<float> Span => _host.Memory.Span;

    /// <summary>Takes a shard's value over. From a GPU the copy is queued; it is there once the device has been waited for.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="value">Its value.</param>
    internal void Take(int shard, Tensor value)
    {
        if (shard >= _parts.Length) return;
        using Tensor detached = value.detach();
        using Tensor row = detached.reshape(-1);
        _parts[shard].copy_(row, nonBlocking: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor part in _parts) part.Dispose();
        _host.Dispose();
    }
}
