using VaeCluster.Core.Random;
using VaeCluster.Data;

namespace VaeCluster.Evaluation.Scores.Factors;

/// <summary>
/// The images of a dataset by their generative factors: all combinations, whatever part of them a run was trained on. Factors with a single
/// value are ignored.
/// </summary>
internal sealed class FactorGrid
{
    private readonly IFactors _factors;
    private readonly int[] _varying;
    private readonly int[] _sizes;

    internal FactorGrid(IFactors factors)
    {
        _factors = factors;
        _varying = Varying(factors);
        _sizes = [.. _varying.Select(f => factors.FactorSizes[f])];
        Count = factors.FactorSizes.Aggregate(1, (count, size) => checked(count * size));
    }

    /// <summary>Number of images.</summary>
    internal int Count { get; }

    /// <summary>Whether scores can be measured: at least two factors vary.</summary>
    internal static bool IsKnown(IFactors? factors) => factors is not null && Varying(factors).Length >= 2;

    /// <summary>The indices of all images.</summary>
    internal int[] All() => [.. Enumerable.Range(0, Count)];

    /// <summary>Draws images with uniform and independent factors, with replacement.</summary>
    /// <param name="count">Number of images.</param>
    /// <param name="stream">The random numbers; with the same stream, a larger count starts with the images of a smaller one.</param>
    internal int[] Draw(int count, RandomStream stream)
    {
        var draws = new RandomSequence(stream);
        int[] values = new int[_factors.FactorSizes.Count], examples = new int[count];
        for (int i = 0; i < count; i++)
        {
            for (int f = 0; f < values.Length; f++) values[f] = draws.Below(_factors.FactorSizes[f]);
            examples[i] = _factors.IndexOf(values);
        }

        return examples;
    }

    /// <summary>Combines codes with the factors of their images.</summary>
    /// <param name="examples">The images' indices.</param>
    /// <param name="latent">Latent dimensions M.</param>
    /// <param name="codes">A row of M for each image.</param>
    internal FactorCodes Code(ReadOnlySpan<int> examples, int latent, float[] codes)
    {
        var values = new int[_factors.FactorSizes.Count];
        var factors = new int[examples.Length * _varying.Length];
        for (int i = 0; i < examples.Length; i++)
        {
            _factors.Factors(examples[i], values);
            for (int f = 0; f < _varying.Length; f++) factors[(i * _varying.Length) + f] = values[_varying[f]];
        }

        return new FactorCodes([.. _varying.Select(f => _factors.FactorNames[f])], _sizes, factors, latent, codes);
    }

    private static int[] Varying(IFactors factors) =>
        [.. Enumerable.Range(0, factors.FactorSizes.Count).Where(f => factors.FactorSizes[f] > 1)];
}
