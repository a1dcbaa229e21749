using VaeCluster.Data.Pictures;

namespace VaeCluster.Fuzz.Targets;

/// <summary>JPEG, WebP, BMP and GIF.</summary>
internal sealed class CodecsTarget : FuzzTarget
{
    public override string Name => "codecs";

    public override int Longest => 1 << 13;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. PictureSeeds.OfCodecs()];

    public override IReadOnlyList<string> Words => ["RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "GIF89a", "BM", "Exif\0\0", "JFIF"];

    public override void Run(byte[] input)
    {
        _ = PictureReader.ReadSize("a.jpg", input);
        _ = PictureReader.Read("a.jpg", input);
    }
}
