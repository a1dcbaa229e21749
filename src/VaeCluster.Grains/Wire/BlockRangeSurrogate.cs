using VaeCluster.Core.Parameters;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="BlockRange"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.BlockRange")]
internal struct BlockRangeSurrogate
{
    /// <inheritdoc cref="BlockRange.Index"/>
    [Id(0)]
    public int Index;

    /// <inheritdoc cref="BlockRange.FirstBlock"/>
    [Id(1)]
    public int FirstBlock;

    /// <inheritdoc cref="BlockRange.Blocks"/>
    [Id(2)]
    public int Blocks;

    /// <inheritdoc cref="BlockRange.Offset"/>
    [Id(3)]
    public int Offset;

    /// <inheritdoc cref="BlockRange.Length"/>
    [Id(4)]
    public int Length;
}

[RegisterConverter]
internal sealed class BlockRangeConverter : IConverter<BlockRange, BlockRangeSurrogate>
{
    public BlockRange ConvertFromSurrogate(in BlockRangeSurrogate surrogate) =>
        new(surrogate.Index, surrogate.FirstBlock, surrogate.Blocks, surrogate.Offset, surrogate.Length);

    public BlockRangeSurrogate ConvertToSurrogate(in BlockRange value) => new()
    {
        Index = value.Index,
        FirstBlock = value.FirstBlock,
        Blocks = value.Blocks,
        Offset = value.Offset,
        Length = value.Length,
    };
}
