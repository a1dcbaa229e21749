using VaeCluster.Core.Numerics;
using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Scores.Information;

/// <summary>Mutual information between binned latent dimensions and factors, in nats.</summary>
internal static class MutualInformation
{
    /// <summary>Number of bins per dimension, of equal width over its range.</summary>
    internal const int Bins = 20;

    /// <summary>I[dimension, factor] from the joint frequencies in the sample.</summary>
    internal static double[,] Matrix(FactorCodes sample)
    {
        var information = new double[sample.Latent, sample.Names.Count];
        int[][] factors = [.. Enumerable.Range(0, sample.Names.Count).Select(sample.FactorColumn)];
        for (int j = 0; j < sample.Latent; j++)
        {
            int[] bins = Bin(sample.CodeColumn(j));
            for (int f = 0; f < factors.Length; f++) information[j, f] = Between(bins, Bins, factors[f], sample.Sizes[f]);
        }

        return information;
    }

    /// <summary>The bin of each value. The largest value is in the last bin; if all values are equal, they are in the first.</summary>
    internal static int[] Bin(ReadOnlySpan<float> values)
    {
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (float value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        var bins = new int[values.Length];
        if (!(high > low)) return bins;
        double width = ((double)high - low) / Bins;
        for (int i = 0; i < bins.Length; i++) bins[i] = Math.Min(Bins - 1, (int)((values[i] - (double)low) / width));
        return bins;
    }

    /// <summary>The entropy of a factor's values, from their frequencies.</summary>
    internal static double Entropy(ReadOnlySpan<int> values, int size) => Between(values, size, values, size);

    /// <summary>I(a; b) = Σ p(a, b) log[p(a, b) / (p(a) p(b))] of two columns of small non-negative integers.</summary>
    internal static double Between(ReadOnlySpan<int> a, int aSize, ReadOnlySpan<int> b, int bSize)
    {
        int[] joint = new int[aSize * bSize], first = new int[aSize], second = new int[bSize];
        for (int i = 0; i < a.Length; i++)
        {
            joint[(a[i] * bSize) + b[i]]++;
            first[a[i]]++;
            second[b[i]]++;
        }

        double sum = 0;
        for (int x = 0; x < aSize; x++)
        {
            for (int y = 0; y < bSize; y++)
            {
                int count = joint[(x * bSize) + y];
                if (count > 0) sum += count * ScalarMath.Log((double)count * a.Length / ((double)first[x] * second[y]));
            }
        }

        // Negative only through rounding.
        return Math.Max(0, sum / a.Length);
    }
}
