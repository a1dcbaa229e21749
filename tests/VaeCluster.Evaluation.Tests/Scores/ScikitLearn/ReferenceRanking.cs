using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Ranking;

namespace VaeCluster.Evaluation.Tests.Scores.ScikitLearn;

/// <summary>The UDR of three synthetic models by scikit-learn and SciPy.</summary>
public sealed record ReferenceRanking(double[][] Kls, double[] Lasso, double[] Spearman)
{
    public IReadOnlyList<RankedCodes> Models()
    {
        double[][] copied = ReferenceCase.All[0].Mixing;
        double[][][] mixings = [copied, [copied[2], copied[0], copied[1], copied[3], copied[4]], ReferenceCase.All[1].Mixing];
        return [.. mixings.Select((mixing, model) => new RankedCodes(Flat(ReferenceCase.Sample(mixing, 0.25, 1000, 20001)), Kls[model]))];
    }

    private static float[] Flat(FactorCodes codes) => [.. Enumerable.Range(0, codes.Count).SelectMany(row => codes.Code(row).ToArray())];
}
