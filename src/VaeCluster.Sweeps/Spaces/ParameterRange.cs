using System.Globalization;
using System.Text.Json;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>A range of numbers with inclusive bounds.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="IsLog">Whether the scale is logarithmic.</param>
/// <param name="IsInteger">Whether values are whole numbers.</param>
/// <param name="Step">Distance between values, starting at <paramref name="Min"/>; null: continuous (1 for whole numbers).</param>
public sealed record ParameterRange(double Min, double Max, bool IsLog, bool IsInteger, double? Step)
{
    /// <summary>The number of values; null for a continuous range.</summary>
    public int? Count => Spacing is { } spacing ? (int)Math.Min(int.MaxValue - 1, Math.Floor(((Max - Min) / spacing) + 1e-9)) + 1 : null;

    private double? Spacing => Step ?? (IsInteger ? 1 : null);

    // Values are drawn half a spacing beyond the bounds and then rounded, so that the bounds are as likely as other values.
    private double HalfSpacing => (Spacing ?? 0) / 2;

    /// <summary>The start of the (linear or logarithmic) scale on which values are uniform.</summary>
    internal double Lowest => Scaled(Math.Max(Min - HalfSpacing, IsLog ? Min / 2 : double.NegativeInfinity));

    /// <summary>The end of that scale.</summary>
    internal double Highest => Scaled(Spacing is null ? Max : At(Count!.Value - 1) + HalfSpacing);

    /// <summary>Maps [0, 1) to the range: a uniform position gives a value uniform on the scale.</summary>
    /// <param name="place">A position in [0, 1).</param>
    public double AtPlace(double place) => FromScale(Lowest + (place * (Highest - Lowest)));

    /// <summary>A value by its index.</summary>
    /// <param name="index">The index, from 0 to below <see cref="Count"/>.</param>
    public double At(int index) => Rounded(Min + (index * Spacing!.Value));

    /// <summary>Maps a value to the scale.</summary>
    /// <param name="value">The value.</param>
    internal double Scaled(double value) => IsLog ? ScalarMath.Log(value) : value;

    /// <summary>Maps a position on the scale to the nearest value.</summary>
    /// <param name="scaled">The position.</param>
    internal double FromScale(double scaled)
    {
        double value = IsLog ? ScalarMath.Exp(scaled) : scaled;
        return Spacing is { } spacing
            ? At((int)Math.Clamp(Math.Round((value - Min) / spacing), 0, Count!.Value - 1))
            : Math.Clamp(Rounded(value), Min, Max);
    }

    /// <summary>A value as JSON.</summary>
    /// <param name="value">A value of this range.</param>
    internal JsonElement Json(double value) => SpaceValues.Number(value, IsInteger);

    /// <summary>Whether a value lies within the bounds.</summary>
    /// <param name="value">The value.</param>
    internal bool Contains(double value) => value >= Min && value <= Max;

    // Six significant digits are precise enough for a search and keep run files readable.
    private double Rounded(double value) =>
        IsInteger ? value : double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
