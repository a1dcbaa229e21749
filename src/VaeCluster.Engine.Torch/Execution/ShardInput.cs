using VaeCluster.Engine.Torch.Memory;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>An input that the caller fills, and its rows as each shard's operations read them.</summary>
internal sealed class ShardInput : IDisposable
{
    private readonly HostVector _host;
    private readonly Tensor[] _staged;
    private readonly Tensor? _device;

    /// <summary>Memory for an input.</summary>
    /// <param name="shards">How many shards.</param>
    /// <param name="rows">Rows of a shard.</param>
    /// <param name="size">Elements of a row.</param>
    /// <param name="device">Where it is read.</param>
    internal ShardInput(int shards, int rows, int size, TorchDevice device)
    {
        _host = HostVector.Create(checked(shards * rows * size), pageLocked: device.IsCuda);
        _staged = [.. Enumerable.Range(0, shards).Select(shard => Rows(_host.Tensor, shard, rows, size))];

        // A shard that begins off the alignment is copied to where it does not: its bits must not depend on which shards share its program.
        bool aligned = rows * size * sizeof(float) % 64 == 0;
        if (device.IsCuda || (shards > 1 && !aligned))
            _device = empty([rows, size], ScalarType.Float32, device.ToTorch()).DetachFromDisposeScope();
    }

    /// <summary>What the caller fills, row after row.</summary>
    internal Span<float> Span => _host.Memory.Span;

    /// <summary>
    /// The rows of a shard where operations read them. On a GPU the copy is queued behind the work on the shard before it.
    /// </summary>
    /// <param name="shard">The shard.</param>
    internal Tensor Upload(int shard)
    {
        if (_device is null) return _staged[shard];
        _device.copy_(_staged[shard], nonBlocking: true);
        return _device;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor rows in _staged) rows.Dispose();
        _device?.Dispose();
        _host.Dispose();
    }

    private static Tensor Rows(Tensor flat, int shard, int rows, int size)
    {
        using Tensor part = flat.narrow(0, (long)shard * rows * size, rows * size);
        return part.view(rows, size).DetachFromDisposeScope();
    }
}
