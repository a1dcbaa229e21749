namespace VaeCluster.Data;

/// <summary>The independent generative factors of a dataset's images, for scores that compare them with a representation.</summary>
public interface IFactors
{
    /// <summary>The factors' names, the slowest-varying first.</summary>
    IReadOnlyList<string> FactorNames { get; }

    /// <summary>The number of values of each factor, in the order of <see cref="FactorNames"/>.</summary>
    IReadOnlyList<int> FactorSizes { get; }

    /// <summary>The values of one image's factors.</summary>
    /// <param name="index">The image's index in the set.</param>
    /// <param name="values">Receives one value per factor, from 0 to its size − 1.</param>
    void Factors(int index, Span<int> values);

    /// <summary>The image with these values: the inverse of <see cref="Factors"/>.</summary>
    /// <param name="values">One value per factor, from 0 to its size − 1.</param>
    /// <returns>The image's index in the set.</returns>
    int IndexOf(ReadOnlySpan<int> values);
}
