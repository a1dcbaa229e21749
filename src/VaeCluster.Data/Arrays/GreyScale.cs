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
    internal static IReadOnlyList<FieldRule> Fields { get; } = FieldsWith("1, or 255 for whole numbers up to 255 with one above 1");

    /// <summary>Whether pixels are bytes / 255.</summary>
    internal bool IsPlainBytes => Black == 0 && White == WhiteByte;

    /// <summary>Whether pixels equal the stored numbers.</summary>
    internal bool IsIdentity => Black == 0 && White == 1;

    /// <summary>The fields in the run file.</summary>
    /// <param name="standard">The default of white, in words.</param>
    internal static IReadOnlyList<FieldRule> FieldsWith(string standard) =>
    [
        new(BlackName, FieldKind.Number, "the stored value of a black pixel") { Default = 0.0 },
        new(WhiteName, FieldKind.Number, $"the stored value of a white pixel; default: {standard}"),
    ];

    /// <summary>Whether the run file says what black or white is.</summary>
    /// <param name="spec">The dataset's fields.</param>
    internal static bool IsGiven(MemberSpec spec) => spec.Has(WhiteName) || (spec.Has(BlackName) && spec.Number(BlackName) != 0);

    /// <summary>The scale of image files: from the fields, or else from their bits.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="largest">The largest sample that the files can have.</param>
    /// <param name="file">The file name for error messages.</param>
    /// <exception cref="BadInputException">White is not above black.</exception>
    internal static GreyScale Of(MemberSpec spec, int largest, string file) =>
        Checked(BlackOf(spec), spec.Has(WhiteName) ? spec.Number(WhiteName) : largest, file);

    /// <summary>The scale of an array: from the fields, or else from its type and values.</summary>
    /// <param name="spec">The dataset's fields.</param>
    /// <param name="type">The array's type.</param>
    /// <param name="bytes">The array's elements, little-endian; read only if the default depends on them.</param>
    /// <param name="file">The file name for error messages.</param>
    /// <exception cref="BadInputException">
    /// White is not above black, or it must be given: whole numbers are below 0 or above 255.
    /// </exception>
    internal static GreyScale Of(MemberSpec spec, NpyType type, ByteSource bytes, string file)
    {
        double white = spec.Has(WhiteName) ? spec.Number(WhiteName)
            : type == NpyType.Byte ? HasMoreThanTwoValues(bytes) ? WhiteByte : 1
            : NpyElements.IsInteger(type) ? WhiteOfIntegers(StoredRange.Of(type, bytes), file) : 1;
        return Checked(BlackOf(spec), white, file);
    }

    /// <summary>Converts a stored value to a pixel.</summary>
    internal float PixelOf(double value) => IsIdentity ? (float)value : (float)((value - Black) / (White - Black));

    /// <summary>The stored value of a pixel, for messages.</summary>
    internal double ValueOf(float pixel) => (pixel * (White - Black)) + Black;

    private static double BlackOf(MemberSpec spec) => spec.Has(BlackName) ? spec.Number(BlackName) : 0;

    private static GreyScale Checked(double black, double white, string file) => white > black ? new GreyScale(black, white)
        : throw new BadInputException(
            file, WhiteName, FormattableString.Invariant($"{white}"), FormattableString.Invariant($"a number above black, {black}"));

    // Which of 4095, 65535 or the largest value found is white, only the user knows.
    private static double WhiteOfIntegers(StoredRange range, string file)
    {
        if (range.Smallest >= 0 && range.Largest <= WhiteByte) return range.Largest <= 1 ? 1 : WhiteByte;
        string hint = range.Smallest < 0
            ? FormattableString.Invariant($"for example black: {range.Smallest:R} and white: {range.Largest:R}")
            : FormattableString.Invariant($"for example white: {range.Largest:R}");
        throw new BadInputException(
            file, null, null,
            FormattableString.Invariant($"has values from {range.Smallest:R} to {range.Largest:R}, outside of 0 to 255; set black and white, ")
            + hint);
    }

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
