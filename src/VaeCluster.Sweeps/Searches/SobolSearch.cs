using VaeCluster.Sweeps.Spaces;

namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// Settings at the points of Sobol's sequence, which fill the space more evenly than random ones: of the first 2^m settings, one falls into each
/// of 2^m equal parts of every parameter's range. A shift by the seed (exclusive or) keeps that and moves the first point off the corner.
/// </summary>
/// <param name="space">The space, of at most <see cref="SobolSequence.MostDimensions"/> parameters.</param>
/// <param name="seed">Another seed, other settings.</param>
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
