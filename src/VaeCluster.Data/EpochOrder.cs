using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Core.Random;

namespace VaeCluster.Data;

/// <summary>
/// The order of training examples: which examples make up a shard of a step is a pure function of (seed, epoch, step, shard).
/// Thread-safe.
/// </summary>
/// <remarks>
/// An epoch is a shuffle of all examples, of which the first batch · <see cref="StepsPerEpoch"/> are used; shard k of a step is the
/// k-th part of its batch, so the batch does not depend on the number of shards. The shuffles of two consecutive epochs are cached,
/// since read-ahead is already in the next epoch while the last step of this one computes.
/// </remarks>
public sealed class EpochOrder
{
    private readonly Lock _lock = new();
    private readonly long _seed;
    private readonly int _count;
    private readonly int[] _cachedEpochs = [0, 0];
    private readonly int[][] _cachedOrders = [[], []];

    /// <summary>Creates the order.</summary>
    /// <param name="seed">The training seed.</param>
    /// <param name="count">Number of training examples.</param>
    /// <param name="batch">Examples per step.</param>
    /// <exception cref="BadInputException">There are fewer examples than one batch.</exception>
    public EpochOrder(long seed, int count, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (count < batch)
        {
            throw new BadInputException(
                BadInputException.RunFile, "training.batch", batch.ToString(CultureInfo.InvariantCulture),
                $"at most {count}, the number of training examples");
        }

        _seed = seed;
        _count = count;
        Batch = batch;
        StepsPerEpoch = count / batch;
    }

    /// <summary>Examples per step.</summary>
    public int Batch { get; }

    /// <summary>Steps per epoch: ⌊examples / batch⌋.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>The positions of one shard's examples in the training split.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="stepInEpoch">The step in the epoch, from 0.</param>
    /// <param name="shard">The shard, from 0.</param>
    /// <param name="shards">Number of shards; must divide the batch.</param>
    /// <param name="positions">Receives batch / shards positions.</param>
    public void Positions(int epoch, int stepInEpoch, int shard, int shards, Span<int> positions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stepInEpoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stepInEpoch, StepsPerEpoch);
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards);
        int size = Batch / shards;
        if (size * shards != Batch)
            throw new ArgumentException($"{shards} shards do not divide a batch of {Batch}.", nameof(shards));

        lock (_lock)
            OrderOf_NeedsLock(epoch).AsSpan(stepInEpoch * Batch + shard * size, size).CopyTo(positions);
    }

    private int[] OrderOf_NeedsLock(int epoch)
    {
        int slot = epoch & 1;
        if (_cachedEpochs[slot] != epoch)
        {
            if (_cachedOrders[slot].Length == 0)
                _cachedOrders[slot] = new int[_count];
            Permutation.Fill(_cachedOrders[slot], _seed, RandomPurpose.Shuffle, (uint)epoch);
            _cachedEpochs[slot] = epoch;
        }

        return _cachedOrders[slot];
    }
}
