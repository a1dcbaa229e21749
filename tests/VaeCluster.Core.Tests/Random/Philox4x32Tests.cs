using System.Runtime.Intrinsics;
using VaeCluster.Core.Random;

namespace VaeCluster.Core.Tests.Random;

public sealed class Philox4x32Tests
{
    // Random123's kat_vectors for philox4x32 with 10 rounds.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(
        0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Published_vectors_are_reproduced(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3)
    {
        Assert.Equal((x0, x1, x2, x3), Philox4x32.Block(c0, c1, c2, c3, k0, k1));
    }

    [Fact]
    public void Sixteen_counters_at_once_give_the_same_words_as_one_by_one()
    {
        Vector512<uint> counters = Vector512.Create(0xfffffff8u) + Vector512<uint>.Indices;
        var (x0, x1, x2, x3) = Philox4x32.Blocks(counters, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
        for (int lane = 0; lane < 16; lane++)
        {
            Assert.Equal(
                Philox4x32.Block(counters[lane], 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0),
                (x0[lane], x1[lane], x2[lane], x3[lane]));
        }
    }
}
