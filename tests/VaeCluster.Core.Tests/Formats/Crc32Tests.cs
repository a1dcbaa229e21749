using System.Text;
using VaeCluster.Core.Formats;

namespace VaeCluster.Core.Tests.Formats;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Published_values(string text, uint expected) => Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void The_checksum_of_pieces_equals_that_of_the_whole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 37))];
        for (int cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Crc32.Of(bytes), Crc32.Append(Crc32.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
    }
}
