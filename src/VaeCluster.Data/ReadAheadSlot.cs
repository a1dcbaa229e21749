using System.Runtime.ExceptionServices;

namespace VaeCluster.Data;

/// <summary>A buffer of <see cref="ReadAhead"/> for one shard of one step; its fields but the arrays' contents need the reader's lock.</summary>
internal sealed class ReadAheadSlot(int shard, int examples, int pixels)
{
    /// <summary>What the slot's buffer is doing.</summary>
    internal enum Phase
    {
        /// <summary>Nothing is wanted.</summary>
        Empty,

        /// <summary>The reading thread should fill it.</summary>
        Wanted,

        /// <summary>The reading thread fills it.</summary>
        Reading,

        /// <summary>It is filled, or has a fault.</summary>
        Ready,

        /// <summary>A taker copies from it.</summary>
        Taking,
    }

    /// <summary>The shard that it belongs to.</summary>
    internal int Shard { get; } = shard;

    /// <summary>The step, counted over all epochs from 0.</summary>
    internal long Step { get; set; } = -1;

    /// <summary>What the buffer is doing.</summary>
    internal Phase State { get; set; }

    /// <summary>What went wrong with the read.</summary>
    internal ExceptionDispatchInfo? Fault { get; set; }

    /// <summary>The shard's images, one after another.</summary>
    internal float[] Pixels { get; } = new float[pixels];

    /// <summary>The shard's example keys.</summary>
    internal int[] Ids { get; } = new int[examples];
}
