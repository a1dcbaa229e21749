using System.Runtime.ExceptionServices;
using Phase = VaeCluster.Data.ReadAheadSlot.Phase;

namespace VaeCluster.Data;

/// <summary>
/// Reads the shards of the next steps on a background thread while the current step computes. Reading ahead never affects the result: a
/// shard that is not ready is read by the caller at once. Thread-safe.
/// </summary>
/// <remarks>
/// Only shards that have been taken before are read ahead, since a worker computes the same shards step after step. Each shard has
/// <c>depth</c> slots, and step t uses slot t mod depth, so all memory is allocated at the start and a jump (a resume, a replay) just
/// overwrites slots that are no longer needed. An error in a background read is thrown by <see cref="Take"/> of that shard.
/// </remarks>
public sealed class ReadAhead : IDisposable
{
    private readonly object _gate = new();
    private readonly Split _split;
    private readonly EpochOrder _order;
    private readonly int _shards;
    private readonly int _depth;
    private readonly ReadAheadSlot[] _slots;
    private readonly Thread _thread;
    private bool _stopped;

    /// <summary>Starts the reading thread; it idles until the first shard is taken.</summary>
    /// <param name="split">The examples to read.</param>
    /// <param name="order">Which examples make up a shard.</param>
    /// <param name="shardSize">Examples per shard; must divide the batch.</param>
    /// <param name="depth">Steps to read ahead, at least 1; uses memory for depth · batch images.</param>
    public ReadAhead(Split split, EpochOrder order, int shardSize, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        if (order.Batch % shardSize != 0)
            throw new ArgumentException($"A shard of {shardSize} does not divide a batch of {order.Batch}.", nameof(shardSize));
        _split = split;
        _order = order;
        _shards = order.Batch / shardSize;
        _depth = depth;
        _slots = [.. Enumerable.Range(0, _shards * depth).Select(
            i => new ReadAheadSlot(i / depth, shardSize, shardSize * split.Image.Pixels))];
        _thread = new Thread(ReadWanted) { IsBackground = true, Name = "vaecluster read-ahead" };
        _thread.Start();
    }

    /// <summary>Returns one shard's images and starts reading the same shard of the next steps.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="stepInEpoch">The step in the epoch, from 0.</param>
    /// <param name="shard">The shard, from 0.</param>
    /// <param name="destination">Receives the images one after another.</param>
    /// <param name="ids">Receives <see cref="Split.ExampleId"/> of each.</param>
    public void Take(int epoch, int stepInEpoch, int shard, Span<float> destination, Span<int> ids)
    {
        ids = ids[..(_order.Batch / _shards)];
        long step = (long)(epoch - 1) * _order.StepsPerEpoch + stepInEpoch;
        ReadAheadSlot slot = SlotOf(shard, step);
        ExceptionDispatchInfo? fault = null;
        bool hit;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            // Waiting for a read in progress is faster than reading again.
            while (slot.Step == step && slot.State == Phase.Reading && !_stopped)
                Monitor.Wait(_gate);
            hit = slot.Step == step && slot.State == Phase.Ready;
            if (hit)
            {
                fault = slot.Fault;
                slot.State = fault is null ? Phase.Taking : Phase.Empty;
            }
            else
            {
                WantNext_NeedsLock(shard, step);
            }
        }

        fault?.Throw();
        if (!hit)
        {
            ReadShard(epoch, stepInEpoch, shard, destination, ids);
            return;
        }

        slot.Pixels.CopyTo(destination);
        slot.Ids.CopyTo(ids);
        lock (_gate)
        {
            slot.State = Phase.Empty;
            WantNext_NeedsLock(shard, step);
        }
    }

    /// <summary>Stops the reading thread after its current read.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private ReadAheadSlot SlotOf(int shard, long step) => _slots[shard * _depth + (int)(step % _depth)];

    private void WantNext_NeedsLock(int shard, long step)
    {
        bool wanted = false;
        for (long next = step + 1; next <= step + _depth; next++)
        {
            ReadAheadSlot slot = SlotOf(shard, next);
            // Skip a buffer in use by another thread; the next Take requests its step again.
            if (slot.State is Phase.Reading or Phase.Taking || (slot.Step == next && slot.State != Phase.Empty))
                continue;
            slot.Step = next;
            slot.State = Phase.Wanted;
            wanted = true;
        }

        if (wanted)
            Monitor.PulseAll(_gate);
    }

    private void ReadWanted()
    {
        while (NextWanted() is { } slot)
        {
            ExceptionDispatchInfo? fault = null;
            try
            {
                (long epoch, long stepInEpoch) = Math.DivRem(slot.Step, _order.StepsPerEpoch);
                ReadShard((int)epoch + 1, (int)stepInEpoch, slot.Shard, slot.Pixels, slot.Ids);
            }
#pragma warning disable CA1031 // Any error is rethrown by Take; none may end the process from this thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                fault = ExceptionDispatchInfo.Capture(exception);
            }

            lock (_gate)
            {
                slot.Fault = fault;
                slot.State = Phase.Ready;
                Monitor.PulseAll(_gate);
            }
        }
    }

    // The wanted slot with the earliest step, marked as being read; null once disposed.
    private ReadAheadSlot? NextWanted()
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                ReadAheadSlot? earliest = null;
                foreach (ReadAheadSlot slot in _slots)
                {
                    if (slot.State == Phase.Wanted && (earliest is null || slot.Step < earliest.Step))
                        earliest = slot;
                }

                if (earliest is not null)
                {
                    earliest.State = Phase.Reading;
                    return earliest;
                }

                Monitor.Wait(_gate);
            }

            return null;
        }
    }

    private void ReadShard(int epoch, int stepInEpoch, int shard, Span<float> destination, Span<int> ids)
    {
        _order.Positions(epoch, stepInEpoch, shard, _shards, ids);
        int size = _split.Image.Pixels;
        for (int i = 0; i < ids.Length; i++)
        {
            int position = ids[i];
            _split.Read(position, epoch, destination.Slice(i * size, size));
            ids[i] = _split.ExampleId(position);
        }
    }
}
