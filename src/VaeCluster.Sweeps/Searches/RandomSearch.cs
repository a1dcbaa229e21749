using VaeCluster.Core.Random;
using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>Settings drawn independently (Bergstra and Bengio: Random search for hyper-parameter optimization. JMLR 2012).</summary>
/// <param name="space">The space.</param>
/// <param name="seed">Seed of the random numbers.</param>
public sealed class RandomSearch(SearchSpace space, long seed) : PlaceSearch(space)
{
    /// <inheritdoc/>
    protected override double Coordinate(int number, int dimension) => Draw(seed, number, dimension).NextUniform();

    /// <summary>The random numbers for one parameter of one setting.</summary>
    internal static RandomSequence Draw(long seed, int number, int dimension) =>
        new(new RandomStream(seed, RandomPurpose.Search, (uint)number, (uint)dimension));
}
