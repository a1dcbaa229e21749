namespace VaeCluster.Evaluation.Scores.Factors;

/// <summary>Codes (means of q(z|x)) of images with the generative factors of the images; one row per image.</summary>
public sealed class FactorCodes
{
    private readonly int[] _factors;
    private readonly float[] _codes;

    /// <summary>Wraps the arrays without copying.</summary>
    /// <param name="names">Names of the F factors.</param>
    /// <param name="sizes">Number of values of each factor.</param>
    /// <param name="factors">n rows of F values, each from 0 to its size − 1.</param>
    /// <param name="latent">Latent dimensions M, at least 1.</param>
    /// <param name="codes">n rows of M.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public FactorCodes(IReadOnlyList<string> names, IReadOnlyList<int> sizes, int[] factors, int latent, float[] codes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latent, 1);
        if (names.Count != sizes.Count || factors.Length % Math.Max(1, names.Count) != 0)
            throw new ArgumentException(
                $"{factors.Length} values, {names.Count} factor names and {sizes.Count} factor sizes do not match", nameof(factors));
        Count = factors.Length / names.Count;
        if (codes.Length != Count * latent)
            throw new ArgumentException($"{codes.Length} values are not {Count} codes of {latent} dimensions", nameof(codes));
        (Names, Sizes, Latent, _factors, _codes) = (names, sizes, latent, factors, codes);
        IsFinite = Array.TrueForAll(codes, float.IsFinite);
    }

    /// <summary>Names of the factors.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of values of each factor.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Latent dimensions M.</summary>
    public int Latent { get; }

    /// <summary>Number of rows n.</summary>
    public int Count { get; }

    /// <summary>Whether every code is finite; false if the model diverged.</summary>
    public bool IsFinite { get; }

    /// <summary>The code of one image: M values.</summary>
    /// <param name="row">The row.</param>
    public ReadOnlySpan<float> Code(int row) => _codes.AsSpan(row * Latent, Latent);

    /// <summary>The value of one factor of one image.</summary>
    /// <param name="row">The row.</param>
    /// <param name="factor">The factor.</param>
    public int Factor(int row, int factor) => _factors[(row * Names.Count) + factor];

    /// <summary>All values of one factor, in row order.</summary>
    /// <param name="factor">The factor.</param>
    public int[] FactorColumn(int factor)
    {
        var column = new int[Count];
        for (int row = 0; row < column.Length; row++) column[row] = Factor(row, factor);
        return column;
    }

    /// <summary>All values of one latent dimension, in row order.</summary>
    /// <param name="dimension">The dimension.</param>
    public float[] CodeColumn(int dimension)
    {
        var column = new float[Count];
        for (int row = 0; row < column.Length; row++) column[row] = _codes[(row * Latent) + dimension];
        return column;
    }

    /// <summary>Selects rows; a row may be selected more than once.</summary>
    /// <param name="rows">The rows, in the new order.</param>
    public FactorCodes Rows(ReadOnlySpan<int> rows)
    {
        int factorCount = Names.Count;
        int[] factors = new int[rows.Length * factorCount];
        float[] codes = new float[rows.Length * Latent];
        for (int i = 0; i < rows.Length; i++)
        {
            _factors.AsSpan(rows[i] * factorCount, factorCount).CopyTo(factors.AsSpan(i * factorCount));
            Code(rows[i]).CopyTo(codes.AsSpan(i * Latent));
        }

        return new FactorCodes(Names, Sizes, factors, Latent, codes);
    }

    /// <summary>Values by factor name, for the parts of a score.</summary>
    /// <param name="values">One per factor.</param>
    internal IReadOnlyDictionary<string, double> ByFactor(IReadOnlyList<double> values) =>
        new OrderedDictionary<string, double>(Names.Zip(values, KeyValuePair.Create));
}
