using System.Globalization;
using System.Text.Json;
using VaeCluster.Core.Numerics;

namespace VaeCluster.Sweeps.Spaces;

/// <summary>The values between two bounds, both included.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="IsLog">Whether values are spread evenly over their logarithm.</param>
/// <param name="IsInteger">Whether only whole numbers are meant.</param>
/// <param name="Step">Distance of the values from <paramref name="Min"/> on; null: all of them (for whole numbers: 1).</param>
public sealed record ParameterRange(double Min, double Max, bool IsLog, bool IsInteger, double? Step)
{
    /// <summary>How many values there are; null: more than can be counted.</summary>
    public int? Count => Spacing is { } spacing ? (int)Math.Min(int.MaxValue - 1, Math.Floor(((Max - Min) / spacing) + 1e-9)) + 1 : null;

    private double? Spacing => Step ?? (IsInteger ? 1 : null);

    // Whole numbers and steps stand for all that rounds to them, so that the bounds come as often as the rest.
    private double HalfSpacing => (Spacing ?? 0) / 2;

    /// <summary>The scale on which values are spread evenly.</summary>
    internal double Lowest => Scaled(Math.Max(Min - HalfSpacing, IsLog ? Min / 2 : double.NegativeInfinity));

    /// <summary>The end of that scale.</summary>
    internal double Highest => Scaled(Spacing is null ? Max : At(Count!.Value - 1) + HalfSpacing);

    /// <summary>A value by its place: the whole range evenly for places uniform in [0, 1).</summary>
    /// <param name="place">From 0 to below 1.</param>
    public double AtPlace(double place) => FromScale(Lowest + (place * (Highest - Lowest)));

    /// <summary>A value by its number.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    public double At(int index) => Rounded(Min + (index * Spacing!.Value));

    /// <summary>A value on the scale.</summary>
    /// <param name="value">The value.</param>
    internal double Scaled(double value) => IsLog ? ScalarMath.Log(value) : value;

    /// <summary>The value at a place on the scale: the nearest there is.</summary>
    /// <param name="scaled">The place.</param>
    internal double FromScale(double scaled)
    {
        double value = IsLog ? ScalarMath.Exp(scaled) : scaled;
        return Spacing is { } spacing
            ? At((int)Math.Clamp(Math.Round((value - Min) / spacing), 0, Count!.Value - 1))
            : Math.Clamp(Rounded(value), Min, Max);
    }

    /// <summary>As it is logged.</summary>
    /// <param name="value">A value of this range.</param>
    internal JsonElement Json(double value) => SpaceValues.Number(value, IsInteger);

    /// <summary>Whether a value lies within the bounds.</summary>
    /// <param name="value">The value.</param>
    internal bool Contains(double value) => value >= Min && value <= Max;

    // Six digits are more than a search can tell apart, and they make run files that people can read.
    private double Rounded(double value) => IsInteger ? value : double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
