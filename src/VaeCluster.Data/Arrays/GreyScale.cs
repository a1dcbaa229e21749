using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>Which stored values are black and white: a pixel is (value − black) / (white − black), in float64, then rounded to float32.</summary>
/// <param name="Black">The value of 0.</param>
/// <param name="White">The value of 1.</param>
internal readonly record struct GreyScale(double Black, double White)
{
    private const string BlackName = "black";
    private const string WhiteName = "white";
    private const int PieceBytes = 1 << 20;
    private const double WhiteByte = 255;

    /// <summary>The rules of the fields.</summary>
    internal static IReadOnlyList<FieldRule> Fields { get; } =
    [
        new(BlackName, FieldKind.Number, "the stored value of a black pixel") { Default = 0.0 },
        new(WhiteName, FieldKind.Number, "the stored value of a white pixel; left out: 1, or for bytes 255 unless none is above 1"),
    ];

    /// <summary>Whether pixels are bytes / 255.</summary>
    internal bool IsPlainBytes => Black == 0 && White == WhiteByte;

    /// <summary>Whether pixels are the stored numbers.</summary>
    internal bool IsIdentity => Black == 0 && White == 1;

    /// <summary>The scale of an array.</summary>
    /// <param name="spec">The choice, with or without the fields.</param>
    /// <param name="type">The array's type.</param>
    /// <param name="bytes">The array's elements, read where only they can tell.</param>
    /// <param name="file">The file to name in errors.</param>
    /// <exception cref="BadInputException">White is not above black.</exception>
    internal static GreyScale Of(MemberSpec spec, NpyType type, ByteSource bytes, string file)
    {
        double black = spec.Has(BlackName) ? spec.Number(BlackName) : 0;
        double white = spec.Has(WhiteName) ? spec.Number(WhiteName) : type == NpyType.Byte && HasMoreThanTwoValues(bytes) ? WhiteByte : 1;
        if (white <= black) throw new BadInputException(file, WhiteName, FormattableString.Invariant($"{white}"), FormattableString.Invariant($"a number above black, {black}"));
        return new GreyScale(black, white);
    }

    /// <summary>The pixel of a stored value.</summary>
    /// <param name="value">The value.</param>
    internal float PixelOf(double value) => IsIdentity ? (float)value : (float)((value - Black) / (White - Black));

    /// <summary>The stored value of a pixel, for messages.</summary>
    /// <param name="pixel">The pixel.</param>
    internal double ValueOf(float pixel) => (pixel * (White - Black)) + Black;

    // Black-and-white sets come as 0 and 1 (dSprites does), and would be taken for images that are all but black.
    private static bool HasMoreThanTwoValues(ByteSource bytes)
    {
        if (bytes.Memory is { } memory) return memory.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1);
        byte[] piece = new byte[Math.Min(PieceBytes, bytes.Length)];
        for (long offset = 0; offset < bytes.Length; offset += piece.Length)
        {
            Span<byte> part = piece.AsSpan(0, (int)Math.Min(piece.Length, bytes.Length - offset));
            bytes.Read(offset, part);
            if (part.ContainsAnyExceptInRange((byte)0, (byte)1)) return true;
        }

        return false;
    }
}
