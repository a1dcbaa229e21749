namespace VaeCluster.Data.Tests;

public sealed class PixelBytesTests
{
    [Fact]
    public void Every_byte_is_divided_by_255_at_every_position_and_length()
    {
        byte[] bytes = [.. Enumerable.Range(0, 600).Select(i => (byte)i)];
        for (int start = 0; start < 256; start += 5)
        {
            for (int length = 0; length < 70; length++)
            {
                float[] pixels = new float[length];
                PixelBytes.ToFloat(bytes.AsSpan(start, length), pixels);
                float[] expected = [.. bytes.Skip(start).Take(length).Select(value => value / 255f)];
                Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), pixels.Select(BitConverter.SingleToUInt32Bits));
            }
        }
    }
}
