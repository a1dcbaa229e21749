namespace VaeCluster.Training.Measuring;

/// <summary>The spread of repeated measurements of one thing.</summary>
/// <param name="P10">A tenth of them are below.</param>
/// <param name="Median">Half of them are below.</param>
/// <param name="P90">Nine tenths of them are below.</param>
public readonly record struct Percentiles(double P10, double Median, double P90)
{
    /// <summary>The spread of some values.</summary>
    /// <param name="values">At least one, in any order and unit.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Percentiles Of(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("nothing was measured", nameof(values));
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return new Percentiles(At(sorted, 0.1), At(sorted, 0.5), At(sorted, 0.9));
    }

    private static double At(double[] sorted, double quantile) => sorted[(int)Math.Round(quantile * (sorted.Length - 1))];
}
