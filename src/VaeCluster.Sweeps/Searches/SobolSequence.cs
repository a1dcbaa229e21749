namespace VaeCluster.Sweeps.Searches;

/// <summary>
/// The Sobol sequence with the direction numbers of Joe and Kuo (Constructing Sobol sequences with better two-dimensional projections.
/// SIAM J. Sci. Comput. 30, 2008; file new-joe-kuo-6), in natural order, not in Gray code order.
/// </summary>
public static class SobolSequence
{
    private const int Bits = 32;

    // For each dimension after the first: the polynomial's inner coefficients a, then the initial direction numbers m.
    private static readonly uint[][] Table =
    [
        [0, 1],
        [1, 1, 3],
        [1, 1, 3, 1],
        [2, 1, 1, 1],
        [1, 1, 1, 3, 3],
        [4, 1, 3, 5, 13],
        [2, 1, 1, 5, 5, 17],
        [4, 1, 1, 5, 5, 5],
        [7, 1, 1, 7, 11, 19],
        [11, 1, 1, 5, 1, 1],
        [13, 1, 1, 1, 3, 11],
        [14, 1, 3, 5, 5, 31],
        [1, 1, 3, 3, 9, 7, 49],
        [13, 1, 1, 1, 15, 21, 21],
        [16, 1, 3, 1, 13, 27, 49],
        [19, 1, 1, 1, 15, 7, 5],
        [22, 1, 3, 1, 15, 13, 25],
        [25, 1, 1, 5, 5, 19, 61],
        [1, 1, 3, 7, 11, 23, 15, 103],
        [4, 1, 3, 7, 13, 13, 15, 69],
        [7, 1, 1, 3, 13, 7, 35, 63],
        [8, 1, 3, 5, 9, 1, 25, 53],
        [14, 1, 3, 1, 13, 9, 35, 107],
        [19, 1, 3, 1, 5, 27, 61, 31],
        [21, 1, 1, 5, 11, 19, 41, 61],
        [28, 1, 3, 5, 3, 3, 13, 69],
        [31, 1, 1, 7, 13, 1, 19, 1],
        [32, 1, 3, 7, 5, 13, 19, 59],
        [37, 1, 1, 3, 9, 25, 29, 41],
        [41, 1, 3, 5, 13, 23, 1, 55],
    ];

    private static readonly uint[][] Directions = [.. Enumerable.Range(0, MostDimensions).Select(DirectionsOf)];

    /// <summary>The largest number of dimensions.</summary>
    public const int MostDimensions = 31;

    /// <summary>A coordinate of a point, in units of 2^−32.</summary>
    /// <param name="index">The point's index, from 0.</param>
    /// <param name="dimension">The dimension, from 0 to below <see cref="MostDimensions"/>.</param>
    public static uint At(uint index, int dimension)
    {
        uint value = 0;
        foreach (uint direction in Directions[dimension])
        {
            if ((index & 1) != 0) value ^= direction;
            index >>= 1;
        }

        return value;
    }

    private static uint[] DirectionsOf(int dimension)
    {
        var directions = new uint[Bits];
        if (dimension == 0)
        {
            for (int i = 0; i < Bits; i++) directions[i] = 1u << (Bits - 1 - i);
            return directions;
        }

        uint coefficients = Table[dimension - 1][0];
        ReadOnlySpan<uint> initial = Table[dimension - 1].AsSpan(1);
        int degree = initial.Length;
        for (int i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                directions[i] = initial[i] << (Bits - 1 - i);
                continue;
            }

            directions[i] = directions[i - degree] ^ (directions[i - degree] >> degree);
            for (int k = 1; k < degree; k++)
                if (((coefficients >> (degree - 1 - k)) & 1) != 0) directions[i] ^= directions[i - k];
        }

        return directions;
    }
}
