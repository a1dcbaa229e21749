using VaeCluster.Core.Parameters;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="BlockRange"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class BlockRangeConverter : IConverter<BlockRange, BlockRangeSurrogate>
{
    public BlockRange ConvertFromSurrogate(in BlockRangeSurrogate surrogate) => new(surrogate.Index, surrogate.FirstBlock, surrogate.Blocks, surrogate.Offset, surrogate.Length);

    public BlockRangeSurrogate ConvertToSurrogate(in BlockRange value) => new()
    {
        Index = value.Index,
        FirstBlock = value.FirstBlock,
        Blocks = value.Blocks,
        Offset = value.Offset,
        Length = value.Length,
    };
}
