using VaeCluster.Models.Engines;

namespace VaeCluster.Evaluation.Bounds;

/// <summary>The terms of the bound for each example, stored by position until all are available and can be summed in order.</summary>
internal sealed class SplitRows(int count, int latent, bool hasClosedFormKl)
{
    private readonly float[] _reconstruction = new float[count];
    private readonly float[] _kl = new float[count];
    private readonly float[] _klPerDimension = new float[checked(count * latent)];
    private readonly float[] _means = new float[checked(count * latent)];

    internal int Count => count;

    /// <summary>Copies the first rows of a program's outputs; thread-safe for different positions.</summary>
    internal void Take(int first, int rows, IProgram program)
    {
        program.Output("reconstruction")[..rows].CopyTo(_reconstruction.AsSpan(first));
        program.Output("kl")[..rows].CopyTo(_kl.AsSpan(first));
        if (hasClosedFormKl) program.Output("klPerDimension")[..(rows * latent)].CopyTo(_klPerDimension.AsSpan(first * latent));
        else _klPerDimension.AsSpan(first * latent, rows * latent).Fill(float.NaN);
        program.Output("mean")[..(rows * latent)].CopyTo(_means.AsSpan(first * latent));
    }

    internal SplitScores Summarize()
    {
        double[] means = Columns(_means, []);
        return new SplitScores(count, Mean(_reconstruction), Mean(_kl), Columns(_klPerDimension, []), Columns(_means, means))
        {
            IsKlEstimated = !hasClosedFormKl,
        };
    }

    private static double Mean(float[] values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return sum / values.Length;
    }

    /// <summary>The means of the columns, or their variances around the given centres.</summary>
    private double[] Columns(float[] values, ReadOnlySpan<double> centers)
    {
        var sums = new double[latent];
        for (int row = 0; row < count; row++)
        {
            for (int j = 0; j < latent; j++)
            {
                double value = values[(row * latent) + j];
                sums[j] += centers.IsEmpty ? value : (value - centers[j]) * (value - centers[j]);
            }
        }

        for (int j = 0; j < latent; j++) sums[j] /= count;
        return sums;
    }
}
