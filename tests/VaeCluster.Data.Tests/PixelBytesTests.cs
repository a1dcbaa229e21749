namespace VaeCluster.Data.Tests;

public sealed class PixelBytesTests
{
    [Fact]
    public void Every_byte_becomes_itself_over_255_at_every_place_and_length()
    {
        byte[] bytes = [.. Enumerable.Range(0, 600).Select(i => (byte)i)];
        for (int start = 0; start < 256; start += 5)
        {
            for (int length = 0; length < 70; length++)
            {
                float[] pixels = new float[length];
                PixelBytes.ToFloat(bytes.AsSpan(start, length), pixels);
                Assert.All(pixels, (pixel, i) => Assert.Equal(BitConverter.SingleToUInt32Bits(bytes[start + i] / 255f), BitConverter.SingleToUInt32Bits(pixel)));
            }
        }
    }
}
