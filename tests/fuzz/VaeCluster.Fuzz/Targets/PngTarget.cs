using System.Buffers.Binary;
using VaeCluster.Core.Formats;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Fuzz.Targets;

/// <summary>PNG; its chunks' checksums are put right in half of the inputs.</summary>
internal sealed class PngTarget : FuzzTarget
{
    private const int SignatureBytes = 8, Frame = 12;

    public override string Name => "png";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. PictureSeeds.Png()];

    public override IReadOnlyList<string> Words => ["IHDR", "PLTE", "tRNS", "IDAT", "IEND", "\0\0\0\u0001", "\u007f\u007f\u007f\u007f"];

    public override void Run(byte[] input)
    {
        _ = PictureReader.ReadSize("a.png", input);
        _ = PictureReader.Read("a.png", input);
    }

    public override byte[] Repair(byte[] input)
    {
        int place = SignatureBytes;
        while (place + Frame <= input.Length)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(input.AsSpan(place));
            if (length > input.Length - place - Frame) break;
            Span<byte> typed = input.AsSpan(place + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(place + 8 + (int)length), Crc32.Of(typed));
            place += (int)length + Frame;
        }

        return input;
    }
}
