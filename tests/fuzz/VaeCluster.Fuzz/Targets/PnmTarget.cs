using VaeCluster.Data.Pictures;

namespace VaeCluster.Fuzz.Targets;

/// <summary>PGM and PPM, of text and of bytes.</summary>
internal sealed class PnmTarget : FuzzTarget
{
    public override string Name => "pnm";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Utf8("P2 2 2 255 0 1 2 3\n", "P3\n# a comment\n1 2\n65535\n1 2 3 4 5 6\n", "P5 2 3 255\nabcdef", "P6 1 2 255\nabcdef"),
        [.. "P5 2 1 65535\n"u8, 1, 2, 3, 4],
    ];

    public override IReadOnlyList<string> Words => ["P2", "P3", "P5", "P6", "#", "\n", " ", "255", "65535", "99999999999"];

    public override void Run(byte[] input)
    {
        _ = PictureReader.ReadSize("a.pgm", input);
        _ = PictureReader.Read("a.pgm", input);
    }
}
