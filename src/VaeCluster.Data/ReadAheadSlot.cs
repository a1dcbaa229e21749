using System.Runtime.ExceptionServices;

namespace VaeCluster.Data;

/// <summary>A buffer of <see cref="ReadAhead"/> for one shard of one step. All but the arrays' contents is guarded by its lock.</summary>
internal sealed class ReadAheadSlot(int shard, int examples, int pixels)
{
    /// <summary>The state of a slot.</summary>
    internal enum Phase
    {
        /// <summary>Nothing is requested.</summary>
        Empty,

        /// <summary>Requested from the reading thread.</summary>
        Wanted,

        /// <summary>Being filled by the reading thread.</summary>
        Reading,

        /// <summary>Filled, or failed with <see cref="Fault"/>.</summary>
        Ready,

        /// <summary>Being copied by a caller of <see cref="ReadAhead.Take"/>.</summary>
        Taking,
    }

    internal int Shard { get; } = shard;

    /// <summary>The step, counted over all epochs from 0.</summary>
    internal long Step { get; set; } = -1;

    internal Phase State { get; set; }

    /// <summary>The error of the read, if any.</summary>
    internal ExceptionDispatchInfo? Fault { get; set; }

    /// <summary>The shard's images, one after another.</summary>
    internal float[] Pixels { get; } = new float[pixels];

    /// <summary>The shard's example keys.</summary>
    internal int[] Ids { get; } = new int[examples];
}
