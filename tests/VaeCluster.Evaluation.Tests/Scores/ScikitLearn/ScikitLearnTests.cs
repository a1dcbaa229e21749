using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Deviations;
using VaeCluster.Evaluation.Scores.Information;
using VaeCluster.Evaluation.Scores.Predictors;
using VaeCluster.Evaluation.Scores.Ranking;

namespace VaeCluster.Evaluation.Tests.Scores.ScikitLearn;

/// <summary>Compares the scores with those of NumPy and scikit-learn on the same representations.</summary>
public sealed class ScikitLearnTests
{
    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Mutual_information_MIG_and_modularity(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        double[,] information = MutualInformation.Matrix(reference.Training());
        for (int j = 0; j < 5; j++)
            for (int f = 0; f < 3; f++) Assert.Equal(reference.Information[j][f], information[j, f], 1e-12);
        Assert.Equal(reference.Mig, MutualInformationGap.Measure(reference.Training()).Value, 1e-12);
        Assert.Equal(reference.Modularity, Modularity.Measure(reference.Training()).Value, 1e-12);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Sap(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        // Both solve the same problem to convergence; one of 1,000 rows may lie on a decision boundary.
        Assert.Equal(reference.Sap, SeparatedAttributePredictability.Measure(reference.Training(), reference.Test(), 2).Value, 0.0007);
        Assert.Equal(reference.SapContinuous, SeparatedAttributePredictability.MeasureContinuous(reference.Training()).Value, 1e-12);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Dci(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        DciResult dci = DciScores.Measure(reference.Training(), reference.Test(), new ScoreOptions { Threads = 2 });
        // The codes have fewer values than bins, so the splits are equal except for ties, which scikit-learn breaks at random.
        Assert.Equal(reference.Disentanglement, dci.Disentanglement, 0.01);
        Assert.Equal(reference.Completeness, dci.Completeness, 0.01);
        for (int f = 0; f < 3; f++) Assert.Equal(reference.Accuracies[f], dci.Accuracies[f], 0.02);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Explicitness_per_factor(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        ScoreValue score = Explicitness.Measure(reference.Training(), reference.Test(), new ScoreOptions { Threads = 2 });
        double[] areas = [.. score.Parts.Values];
        for (int f = 0; f < 3; f++) Assert.Equal(reference.Explicitness[f], areas[f], 1e-5);
    }

    [Theory]
    [MemberData(nameof(ReferenceCase.Numbers), MemberType = typeof(ReferenceCase))]
    public void Interventional_robustness(int number)
    {
        ReferenceCase reference = ReferenceCase.All[number];
        Assert.Equal(reference.Robustness, InterventionalRobustness.Measure(reference.Training()).Value, 1e-6);
    }

    [Fact]
    public void Udr()
    {
        ReferenceRanking reference = ReferenceCase.Ranking;
        IReadOnlyList<double> lasso = UnsupervisedDisentanglementRanking.Measure(reference.Models(), RankingSimilarity.Lasso);
        IReadOnlyList<double> spearman = UnsupervisedDisentanglementRanking.Measure(reference.Models(), RankingSimilarity.Spearman);
        for (int model = 0; model < 3; model++)
        {
            Assert.Equal(reference.Lasso[model], lasso[model], 1e-6);
            Assert.Equal(reference.Spearman[model], spearman[model], 1e-9);
        }
    }
}
