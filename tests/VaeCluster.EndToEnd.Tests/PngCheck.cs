using System.Buffers.Binary;
using System.IO.Compression;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>Decodes as much of a PNG file as shows that a viewer could.</summary>
public static class PngCheck
{
    /// <summary>Unpacks the image; fails where its chunks, its compressed data or its size are not right. Returns width and
    /// height.</summary>
    public static (int Width, int Height) Decode(ReadOnlySpan<byte> file)
    {
        Assert.True(file[0] == 0x89 && file[1..].StartsWith("PNG\r\n\x1a\n"u8), "the signature is that of PNG");
        (int width, int height, int bytesPerPixel) = (0, 0, 0);
        using var compressed = new MemoryStream();
        string last = string.Empty;
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            last = System.Text.Encoding.ASCII.GetString(file.Slice(at + 4, 4));
            ReadOnlySpan<byte> content = file.Slice(at + 8, length);
            if (last == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));
                Assert.Equal(8, content[8]);
                bytesPerPixel = content[9] switch
                {
                    0 or 3 => 1,
                    2 => 3,
                    6 => 4,
                    var type => throw new InvalidDataException($"colour type {type}"),
                };
            }
            else if (last == "IDAT")
            {
                compressed.Write(content);
            }

            at += 12 + length;
        }

        Assert.Equal("IEND", last);
        compressed.Position = 0;
        using var pixels = new MemoryStream();
        using (var inflated = new ZLibStream(compressed, CompressionMode.Decompress)) inflated.CopyTo(pixels);
        Assert.Equal(height * (1 + ((long)width * bytesPerPixel)), pixels.Length);
        Assert.True(width > 0 && height > 0);
        return (width, height);
    }
}
