using System.Globalization;

namespace VaeCluster.Evaluation.Reports.Charts;

/// <summary>A linear axis with round tick values.</summary>
public sealed class Axis
{
    private Axis(double min, double max, double tickStep)
    {
        Min = min;
        Max = max;
        TickStep = tickStep;
    }

    /// <summary>Value at the start.</summary>
    public double Min { get; }

    /// <summary>Value at the end, above <see cref="Min"/>.</summary>
    public double Max { get; }

    /// <summary>Distance between two ticks: 1, 2 or 5 times a power of ten.</summary>
    public double TickStep { get; }

    /// <summary>An axis that contains the values with a small margin and ends on ticks.</summary>
    /// <param name="min">Smallest value.</param>
    /// <param name="max">Largest value.</param>
    /// <param name="ticks">Approximate number of ticks, at least 2.</param>
    public static Axis Around(double min, double max, int ticks)
    {
        double room = (max - min) * 0.04;
        if (!(room > 0)) room = Math.Max(Math.Abs(min) * 0.05, 0.5);
        double step = RoundStep((max - min + (2 * room)) / ticks);
        return new Axis(Math.Floor((min - room) / step) * step, Math.Ceiling((max + room) / step) * step, step);
    }

    /// <summary>An axis from exactly one value to another, with round ticks in between.</summary>
    /// <param name="min">Value at the start.</param>
    /// <param name="max">Value at the end; if it is not above <paramref name="min"/>, <paramref name="min"/> + 1 is used.</param>
    /// <param name="ticks">Approximate number of ticks, at least 2.</param>
    public static Axis Exactly(double min, double max, int ticks)
    {
        if (!(max > min)) max = min + 1;
        return new Axis(min, max, RoundStep((max - min) / ticks));
    }

    /// <summary>The tick values in order.</summary>
    public IEnumerable<double> Ticks()
    {
        // Multiply instead of adding up, since sums of 0.1 would drift from the round values.
        long first = (long)Math.Ceiling((Min / TickStep) - 1e-9);
        long last = (long)Math.Floor((Max / TickStep) + 1e-9);
        for (long i = first; i <= last; i++) yield return i * TickStep;
    }

    /// <summary>The relative position of a value: 0 at the start, 1 at the end.</summary>
    /// <param name="value">Any finite value.</param>
    public double Position(double value) => (value - Min) / (Max - Min);

    /// <summary>A tick's label, with as many decimals as the step needs; thousands as k, millions as M.</summary>
    /// <param name="tick">A value of <see cref="Ticks"/>.</param>
    public string Label(double tick)
    {
        (double unit, string suffix) = TickStep switch
        {
            >= 1e5 => (1e6, "M"),
            >= 100 when Math.Max(Math.Abs(Min), Math.Abs(Max)) >= 5000 => (1e3, "k"),
            _ => (1.0, string.Empty),
        };
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(TickStep / unit) - 1e-9), 0, 10);
        string text = (tick / unit).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        if (text.AsSpan().IndexOfAnyExcept("-0.") < 0) return "0";
        return text.Replace('-', '−') + suffix;
    }

    private static double RoundStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / power) switch
        {
            <= 1.0000001 => power,
            <= 2.0000001 => 2 * power,
            <= 5.0000001 => 5 * power,
            _ => 10 * power,
        };
    }
}
