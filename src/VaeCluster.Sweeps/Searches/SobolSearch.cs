using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// Settings at the points of a Sobol sequence, which cover the space more evenly than random points: of the first 2^m settings, one lies in
/// each of 2^m equal parts of every parameter's range. A digital shift (exclusive or) by the seed preserves this and moves the first
/// point away from the corner.
/// </summary>
/// <param name="space">The space, of at most <see cref="SobolSequence.MostDimensions"/> parameters.</param>
/// <param name="seed">Seed of the shift.</param>
public sealed class SobolSearch(SearchSpace space, long seed) : PlaceSearch(space)
{
    private const int Shifts = int.MaxValue;

    /// <inheritdoc/>
    protected override double Coordinate(int number, int dimension)
    {
        uint shift = RandomSearch.Draw(seed, Shifts, dimension).NextBits();
        return (SobolSequence.At((uint)number, dimension) ^ shift) * (1.0 / (1L << 32));
    }
}
