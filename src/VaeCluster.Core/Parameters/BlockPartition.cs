namespace VaeCluster.Core.Parameters;

/// <summary>
/// The flat vector cut into blocks of a fixed size. Blocks are the unit of the update: squares are summed per block and combined in
/// block order, so the global norm has the same bits whichever threads, ranges or machines own the blocks.
/// </summary>
/// <param name="Length">Number of elements of the flat vector.</param>
public readonly record struct BlockPartition(int Length)
{
    /// <summary>Elements per block; the last block may be shorter. Another size would give other bits.</summary>
    public const int BlockSize = 16_384;

    /// <summary>Number of blocks.</summary>
    public int Count => (Length + BlockSize - 1) / BlockSize;

    /// <summary>The elements of one block.</summary>
    /// <param name="block">Index of the block, from 0.</param>
    /// <returns>Offset and length in the flat vector.</returns>
    public (int Offset, int Length) this[int block]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(block);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, Count);
            int offset = block * BlockSize;
            return (offset, Math.Min(BlockSize, Length - offset));
        }
    }

    /// <summary>Cuts the vector into ranges of whole blocks, of as equal size as possible.</summary>
    /// <param name="ranges">How many ranges; any beyond the number of blocks are empty.</param>
    /// <returns>The ranges in order.</returns>
    public BlockRange[] Cut(int ranges)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranges, 1);
        var cut = new BlockRange[ranges];
        for (int i = 0; i < ranges; i++)
        {
            int first = (int)((long)Count * i / ranges);
            int end = (int)((long)Count * (i + 1) / ranges);
            int offset = Math.Min(first * BlockSize, Length);
            cut[i] = new BlockRange(i, first, end - first, offset, Math.Min(end * BlockSize, Length) - offset);
        }

        return cut;
    }
}
