using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Tests.Scores;

/// <summary>Representations of every combination of some factors.</summary>
internal static class Grids
{
    private static readonly int[] Sizes = [3, 4, 5];

    /// <summary>Each factor is one dimension, in [−1, 1], followed by <paramref name="dead"/> constant dimensions.</summary>
    internal static FactorCodes Copied(int dead = 0, int repeats = 1) =>
        Code(repeats, 3 + dead, (_, values, code) =>
        {
            for (int f = 0; f < 3; f++) code[f] = values[f];
        });

    /// <summary>Every dimension mixes all factors: the factors under an orthogonal map without zeros.</summary>
    internal static FactorCodes Rotated(int repeats = 1) =>
        Code(repeats, 3, (_, values, code) =>
        {
            double sum = (values[0] + values[1] + values[2]) * 2.0 / 3;
            // The reflection I − (2/3)·1·1ᵀ.
            for (int j = 0; j < 3; j++) code[j] = (float)(values[j] - sum);
        });

    /// <summary>Normal noise, independent of the factors.</summary>
    internal static FactorCodes Noise(int repeats, int latent = 4, long seed = 1) =>
        Code(repeats, latent, (row, _, code) => new RandomStream(seed, RandomPurpose.LatentNoise, 0, (uint)row).FillNormal(code));

    /// <summary>A random mixture of factors and noise, determined by <paramref name="seed"/>.</summary>
    internal static FactorCodes Mixed(int repeats, int latent, long seed)
    {
        var mixing = new float[latent * 4];
        new RandomStream(seed, RandomPurpose.LatentNoise, 1, 0).FillNormal(mixing);
        return Code(repeats, latent, (row, values, code) =>
        {
            new RandomStream(seed, RandomPurpose.LatentNoise, 2, (uint)row).FillNormal(code);
            for (int j = 0; j < code.Length; j++)
            {
                code[j] *= mixing[(j * 4) + 3];
                for (int f = 0; f < 3; f++) code[j] += mixing[(j * 4) + f] * values[f];
            }
        });
    }

    /// <summary>The same images with other codes.</summary>
    internal static FactorCodes Change(FactorCodes codes, int latent, Action<int, float[]> change)
    {
        var factors = new int[codes.Count * codes.Names.Count];
        var changed = new float[codes.Count * latent];
        var row = new float[latent];
        for (int i = 0; i < codes.Count; i++)
        {
            for (int f = 0; f < codes.Names.Count; f++) factors[(i * codes.Names.Count) + f] = codes.Factor(i, f);
            change(i, row);
            row.CopyTo(changed, i * latent);
        }

        return new FactorCodes(codes.Names, codes.Sizes, factors, latent, changed);
    }

    /// <summary>Reorders the dimensions.</summary>
    internal static FactorCodes Permute(FactorCodes codes, int[] order) =>
        Change(codes, order.Length, (i, row) =>
        {
            for (int j = 0; j < order.Length; j++) row[j] = codes.Code(i)[order[j]];
        });

    /// <summary>Multiplies all codes.</summary>
    internal static FactorCodes Scale(FactorCodes codes, float factor) =>
        Change(codes, codes.Latent, (i, row) =>
        {
            for (int j = 0; j < row.Length; j++) row[j] = codes.Code(i)[j] * factor;
        });

    private static FactorCodes Code(int repeats, int latent, Action<int, float[], float[]> write)
    {
        int grid = Sizes[0] * Sizes[1] * Sizes[2], count = grid * repeats;
        int[] factors = new int[count * 3];
        float[] codes = new float[count * latent], code = new float[latent], scaled = new float[3];
        for (int row = 0; row < count; row++)
        {
            int rest = row % grid;
            for (int f = 2; f >= 0; f--) (rest, factors[(row * 3) + f]) = Math.DivRem(rest, Sizes[f]);
            for (int f = 0; f < 3; f++) scaled[f] = (2f * factors[(row * 3) + f] / (Sizes[f] - 1)) - 1;
            Array.Clear(code);
            write(row, scaled, code);
            code.CopyTo(codes, row * latent);
        }

        return new FactorCodes(["shape", "scale", "position"], Sizes, factors, latent, codes);
    }
}
