using System.Buffers;
using System.Globalization;

namespace VaeCluster.Core.Specs;

/// <summary>
/// Reads numbers that a person wrote, in run files and on command lines alike: decimal point, no thousands separators, no blanks, finite.
/// </summary>
public static class NumberText
{
    // double.TryParse would also accept "NaN", "Infinity" and blanks.
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789+-.eE");

    /// <summary>Reads a number.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The number, finite.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryRead(string text, out double number)
    {
        number = double.NaN;
        return !text.AsSpan().ContainsAnyExcept(NumberCharacters)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    /// <summary>Reads a whole number; <c>3.0</c> and <c>3e0</c> are none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The number.</param>
    /// <returns>Whether the text is a whole number of 64 bits.</returns>
    public static bool TryReadWhole(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
