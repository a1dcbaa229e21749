using TorchSharp;
using VaeCluster.Engine.Torch.Memory;
using static TorchSharp.torch;

namespace VaeCluster.Engine.Torch.Execution;

/// <summary>
/// Sums the gradients of shards along the fixed tree, where they are computed. Two neighbouring shards add into one vector: the
/// backward pass adds a parameter's finished gradient to what is there, in one addition an element, which is the tree's own.
/// </summary>
internal sealed class GradientTree : IDisposable
{
    private readonly LayoutViews[] _levels;
    private readonly int _shards;
    private readonly Scalar _zero = 0f, _one = 1f;

    /// <summary>Vectors for a tree.</summary>
    /// <param name="shards">How many shards, a power of two.</param>
    /// <param name="views">Makes the parameters with a flat gradient.</param>
    internal GradientTree(int shards, Func<LayoutViews> views)
    {
        _shards = shards;

        // One for each level of the tree whose left half waits for its right half, and one for what is finished.
        _levels = [.. Enumerable.Range(0, Math.Max(1, int.Log2(shards))).Select(_ => views())];
    }

    /// <summary>The sum over all shards, of the whole layout.</summary>
    internal Tensor Total => _levels[^1].Gradient!;

    /// <summary>Computes every shard and sums.</summary>
    /// <param name="shard">Adds a shard's gradient to that of the parameters it is given.</param>
    internal void Sum(Action<int, LayoutViews> shard)
    {
        foreach (LayoutViews level in _levels) level.Forget();
        Sum(0, _shards, 0, _levels[^1], shard);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LayoutViews level in _levels) level.Dispose();
        _zero.Dispose();
        _one.Dispose();
    }

    private void Sum(int first, int count, int level, LayoutViews target, Action<int, LayoutViews> shard)
    {
        if (count <= 2)
        {
            target.Gradient!.fill_(_zero);
            for (int i = 0; i < count; i++) shard(first + i, target);
            return;
        }

        LayoutViews left = _levels[level];
        Sum(first, count / 2, level + 1, left, shard);
        Sum(first + (count / 2), count / 2, level + 1, target, shard);
        target.Gradient!.add_(left.Gradient!, _one);
    }
}
