using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Scores.Solvers;

/// <summary>
/// Codes quantised to at most 256 bins per dimension, for trees that split between bins. A dimension with at most 256 distinct values has
/// one bin per value, so splits are exact; other dimensions have bins of nearly equal counts.
/// </summary>
internal sealed class BinnedCodes
{
    /// <summary>Largest number of bins per dimension.</summary>
    internal const int Bins = 256;

    internal BinnedCodes(FactorCodes training, FactorCodes test)
    {
        Latent = training.Latent;
        Training = new byte[training.Count * Latent];
        Test = new byte[test.Count * Latent];
        for (int j = 0; j < Latent; j++)
        {
            float[] thresholds = Thresholds(training.CodeColumn(j));
            Fill(Training, training.CodeColumn(j), j, thresholds);
            Fill(Test, test.CodeColumn(j), j, thresholds);
        }
    }

    /// <summary>Latent dimensions M.</summary>
    internal int Latent { get; }

    /// <summary>n rows of M bins.</summary>
    internal byte[] Training { get; }

    /// <summary>Rows of M bins, with the thresholds of the training codes.</summary>
    internal byte[] Test { get; }

    // Thresholds are midway between neighbours, so that a test value falls into the bin of the nearest training value.
    private static float[] Thresholds(float[] values)
    {
        Array.Sort(values);
        float[] distinct = [.. values.Distinct()];
        if (distinct.Length <= Bins)
            return [.. Enumerable.Range(1, distinct.Length - 1).Select(i => Between(distinct[i - 1], distinct[i]))];

        var thresholds = new List<float>(Bins - 1);
        for (int bin = 1; bin < Bins; bin++)
        {
            int position = (int)((long)bin * values.Length / Bins);
            // Equal values stay in one bin.
            while (position < values.Length && values[position] == values[position - 1]) position++;
            if (position == values.Length) break;
            float threshold = Between(values[position - 1], values[position]);
            if (thresholds.Count == 0 || threshold > thresholds[^1]) thresholds.Add(threshold);
        }

        return [.. thresholds];
    }

    // The middle of two adjacent floats may round to the upper one, which would not separate them.
    private static float Between(float low, float high)
    {
        float middle = (float)(((double)low + high) / 2);
        return middle < high ? middle : low;
    }

    private void Fill(byte[] bins, float[] values, int dimension, float[] thresholds)
    {
        for (int row = 0; row < values.Length; row++)
        {
            int place = Array.BinarySearch(thresholds, values[row]);
            // A value equal to a threshold belongs to the bin below it.
            bins[(row * Latent) + dimension] = (byte)(place < 0 ? ~place : place);
        }
    }
}
