using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Random;
using VaeCluster.Evaluation.Scores;
using VaeCluster.Evaluation.Scores.Deviations;
using VaeCluster.Evaluation.Scores.Factors;
using VaeCluster.Evaluation.Scores.Information;
using VaeCluster.Evaluation.Scores.Predictors;
using VaeCluster.Evaluation.Scores.Votes;

namespace VaeCluster.Evaluation.Tests.Scores;

/// <summary>Properties of the scores that hold for every representation.</summary>
public sealed class ScoreLawTests
{
    private const double Rounding = 1e-9;

    private static readonly Config Few = Config.QuickThrowOnFailure.WithMaxTest(12);

    // Scores of one representation that are cheap enough to compute many times.
    private static readonly (string Name, Func<FactorCodes, double> Measure)[] Scores =
    [
        ("mig", codes => MutualInformationGap.Measure(codes).Value),
        ("modularity", codes => Modularity.Measure(codes).Value),
        ("factorvae", codes => FactorVaeScore.Measure(codes, codes, Options(1)).Value),
        ("betavae", codes => BetaVaeScore.Measure(codes, Options(1)).Value),
        ("sap", codes => SeparatedAttributePredictability.Measure(codes, codes, 1).Value),
        ("sap-continuous", codes => SeparatedAttributePredictability.MeasureContinuous(codes).Value),
        ("dci", codes => DciScores.Measure(codes, codes, Options(1)).Disentanglement),
        ("dci-completeness", codes => DciScores.Measure(codes, codes, Options(1)).Completeness),
        ("dci-informativeness", codes => DciScores.Measure(codes, codes, Options(1)).Informativeness),
        ("irs", codes => InterventionalRobustness.Measure(codes).Value),
    ];

    public static IEnumerable<object[]> Names => Scores.Select(score => new object[] { score.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void Scores_lie_between_0_and_1(string name)
    {
        Func<FactorCodes, double> measure = Measure(name);
        Check.One(Few, Prop.ForAll<ushort>(seed =>
            measure(Grids.Mixed(repeats: 2, latent: 1 + (seed % 5), seed)) is >= -Rounding and <= 1 + Rounding));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_order_of_the_dimensions_does_not_matter(string name)
    {
        Func<FactorCodes, double> measure = Measure(name);
        Check.One(Few, Prop.ForAll<ushort>(seed =>
        {
            FactorCodes codes = Grids.Mixed(repeats: 2, latent: 4, seed);
            int[] order = new int[4];
            Permutation.Fill(order, seed, RandomPurpose.Shuffle, 0);
            // The regression of the β-VAE score stops near its optimum. In DCI, ties between equal splits go to the first
            // dimension and later trees fit the residuals, so that predictions of a few examples can change.
            double allowed = name is "betavae" ? 0.01 : name.StartsWith("dci", StringComparison.Ordinal) ? 0.1 : Rounding;
            return Math.Abs(measure(codes) - measure(Grids.Permute(codes, order))) <= allowed;
        }));
    }

    [Theory]
    [InlineData("mig")]
    [InlineData("modularity")]
    [InlineData("factorvae")]
    [InlineData("sap-continuous")]
    [InlineData("dci")]
    [InlineData("dci-completeness")]
    [InlineData("dci-informativeness")]
    [InlineData("irs")]
    public void The_scale_of_the_codes_does_not_matter(string name)
    {
        // Powers of two are exact. Only upwards, because the FactorVAE score ignores dimensions of small variance.
        Func<FactorCodes, double> measure = Measure(name);
        Check.One(Few, Prop.ForAll<ushort>(seed =>
        {
            FactorCodes codes = Grids.Scale(Grids.Mixed(repeats: 2, latent: 3, seed), 64);
            return Math.Abs(measure(codes) - measure(Grids.Scale(codes, 8))) <= Rounding;
        }));
    }

    [Fact]
    public void A_constant_dimension_does_not_change_the_score()
    {
        Check.One(Few, Prop.ForAll<ushort>(seed =>
        {
            FactorCodes codes = Grids.Mixed(repeats: 2, latent: 3, seed);
            FactorCodes more = Grids.Change(codes, 4, (i, row) =>
            {
                codes.Code(i).CopyTo(row);
                row[3] = 2;
            });
            return Measure("mig")(codes).Equals(Measure("mig")(more)) && Measure("factorvae")(codes).Equals(Measure("factorvae")(more))
                && Math.Abs(Measure("irs")(codes) - Measure("irs")(more)) <= Rounding;
        }));
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        FactorCodes training = Grids.Mixed(repeats: 10, latent: 4, seed: 3), test = Grids.Mixed(repeats: 5, latent: 4, seed: 4);
        Assert.Equal(All(1), All(2));
        Assert.Equal(All(1), All(5));

        double[] All(int threads)
        {
            ScoreOptions options = Options(threads);
            DciResult dci = DciScores.Measure(training, test, options);
            return
            [
                FactorVaeScore.Measure(training, training, options).Value, BetaVaeScore.Measure(training, options).Value,
                SeparatedAttributePredictability.Measure(training, test, threads).Value, dci.Disentanglement, dci.Completeness,
                dci.Informativeness,
                Explicitness.Measure(training, test, options).Value,
            ];
        }
    }

    private static ScoreOptions Options(int threads) => new() { TrainingVotes = 300, TestVotes = 200, VoteSize = 16, Threads = threads };

    private static Func<FactorCodes, double> Measure(string name) => Scores.Single(score => score.Name == name).Measure;
}
