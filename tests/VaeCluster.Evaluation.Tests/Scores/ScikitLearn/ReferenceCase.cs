using System.Text.Json;
using VaeCluster.Evaluation.Scores.Factors;

namespace VaeCluster.Evaluation.Tests.Scores.ScikitLearn;

/// <summary>
/// A synthetic representation with scores by NumPy and scikit-learn. <see cref="Sample"/> repeats the arithmetic of make_reference.py.
/// </summary>
public sealed record ReferenceCase(
    string Name, double[][] Mixing, double Noise, int Salt, double[][] Information, double Mig, double Modularity, double Sap,
    double SapContinuous, double Disentanglement, double Completeness, double[] Accuracies, double[] Explicitness, double Robustness)
{
    private static readonly int[] Sizes = [3, 6, 8];

    private static readonly ReferenceFile File = JsonSerializer.Deserialize<ReferenceFile>(
        System.IO.File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Scores", "ScikitLearn", "reference.json")), JsonSerializerOptions.Web)!;

    public static ReferenceCase[] All => File.Cases;

    public static ReferenceRanking Ranking => File.Ranking;

    public static IEnumerable<object[]> Numbers => Enumerable.Range(0, All.Length).Select(i => new object[] { i });

    public FactorCodes Training() => Sample(Mixing, Noise, 2000, Salt);

    public FactorCodes Test() => Sample(Mixing, Noise, 1000, Salt + 1000);

    public override string ToString() => Name;

    internal static FactorCodes Sample(double[][] mixing, double noise, int count, int salt)
    {
        int[] factors = new int[count * Sizes.Length];
        float[] codes = new float[count * mixing.Length];
        for (int row = 0; row < count; row++)
        {
            for (int f = 0; f < Sizes.Length; f++) factors[(row * Sizes.Length) + f] = (int)(Word(row, salt + f) % (uint)Sizes[f]);
            for (int j = 0; j < mixing.Length; j++)
            {
                double code = 0;
                for (int f = 0; f < Sizes.Length; f++)
                    code += mixing[j][f] * ((2.0 * factors[(row * Sizes.Length) + f] / (Sizes[f] - 1)) - 1.0);
                code += noise * ((Word(row, salt + 100 + j) / (double)(1L << 32) * 2.0) - 1.0);
                codes[(row * mixing.Length) + j] = (float)(Math.Round(code * 16.0) / 16.0);
            }
        }

        return new FactorCodes(["a", "b", "c"], Sizes, factors, mixing.Length, codes);
    }

    private static uint Word(long index, long salt)
    {
        ulong h = (((ulong)index * 2654435761UL) + ((ulong)salt * 40503UL) + 12345UL) % (1UL << 32);
        h = (h ^ (h >> 15)) * 2246822519UL % (1UL << 32);
        h = (h ^ (h >> 13)) * 3266489917UL % (1UL << 32);
        return (uint)(h ^ (h >> 16));
    }

    private sealed record ReferenceFile(string Versions, ReferenceCase[] Cases, ReferenceRanking Ranking);
}
