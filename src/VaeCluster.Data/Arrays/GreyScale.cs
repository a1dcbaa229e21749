using VaeCluster.Core;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data.Arrays;

/// <summary>Maps stored values to pixels: (value − black) / (white − black), computed in float64 and rounded to float32.</summary>
/// <param name="Black">The stored value of pixel 0.</param>
/// <param name="White">The stored value of pixel 1.</param>
internal readonly record struct GreyScale(double Black, double White)
{
    private const string BlackName = "black";
    private const string WhiteName = "white";
    private const int PieceBytes = 1 << 20;
    private const double WhiteByte = 255;

    /// <summary>The fields in the run file.</summary>
    internal static IReadOnlyList<FieldRule> Fields { get; } =
    [
        new(BlackName, FieldKind.Number, "the stored value of a black pixel") { Default = 0.0 },
        new(WhiteName, FieldKind.Number, "the stored value of a white pixel; default: 1, or 255 for byte arrays with a value above 1"),
    ];

    /// <summary>Whether pixels are bytes / 255.</summary>
    internal bool IsPlainBytes => Black == 0 && White == WhiteByte;

    /// <summary>Whether pixels equal the stored numbers.</summary>
    internal bool IsIdentity => Black == 0 && White == 1;

    /// <summary>The scale of an array: from the fields, or else from its type and values.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="type">The array's type.</param>
    /// <param name="bytes">The array's elements; read only if the default depends on them.</param>
    /// <param name="file">The file name for error messages.</param>
    /// <exception cref="BadInputException">White is not above black.</exception>
    internal static GreyScale Of(MemberSpec spec, NpyType type, ByteSource bytes, string file)
    {
        double black = spec.Has(BlackName) ? spec.Number(BlackName) : 0;
        double white = spec.Has(WhiteName) ? spec.Number(WhiteName) : type == NpyType.Byte && HasMoreThanTwoValues(bytes) ? WhiteByte : 1;
        if (white <= black) throw new BadInputException(
            file, WhiteName, FormattableString.Invariant($"{white}"), FormattableString.Invariant($"a number above black, {black}"));
        return new GreyScale(black, white);
    }

    /// <summary>Converts a stored value to a pixel.</summary>
    internal float PixelOf(double value) => IsIdentity ? (float)value : (float)((value - Black) / (White - Black));

    /// <summary>The stored value of a pixel, for messages.</summary>
    internal double ValueOf(float pixel) => (pixel * (White - Black)) + Black;

    // Black-and-white datasets (dSprites for one) store 0 and 1, which as bytes / 255 would be almost black.
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
