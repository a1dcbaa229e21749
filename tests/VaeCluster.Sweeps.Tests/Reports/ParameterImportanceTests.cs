using VaeCluster.Core.Random;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Reports.Importance;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Reports;

public sealed class ParameterImportanceTests
{
    [Fact]
    public void A_dominant_parameter_gets_nearly_the_whole_share()
    {
        IReadOnlyList<ParameterShare> shares = Shares((a, b, seed) => (10 * a) + (0.3 * b) + (0.01 * seed));
        Assert.Equal("a", shares[0].Name);
        Assert.InRange(shares[0].Share, 0.9, 1);
        Assert.Equal(1, shares.Sum(share => share.Share), 9);
        Assert.True(shares[^1].IsRest);
    }

    [Fact]
    public void Two_equally_important_parameters_get_equal_shares()
    {
        IReadOnlyList<ParameterShare> shares = Shares((a, b, _) => a + b);
        Assert.All(shares.Where(share => share.Name is "a" or "b"), share => Assert.InRange(share.Share, 0.3, 0.6));
        Assert.All(shares.Where(share => share.Name is "seed"), share => Assert.InRange(share.Share, 0, 0.05));
    }

    [Fact]
    public void A_pure_interaction_is_not_attributed_to_single_parameters()
    {
        // Neither parameter has an effect on its own.
        IReadOnlyList<ParameterShare> shares = Shares((a, b, _) => (a < 2) == (b < 2) ? 1 : 0);
        Assert.InRange(shares[^1].Share, 0.7, 1);
    }

    [Fact]
    public void Noise_is_not_attributed_to_parameters()
    {
        float[] noise = new float[48];
        new RandomStream(1, RandomPurpose.LatentNoise, 0, 0).FillNormal(noise);
        int next = 0;
        IReadOnlyList<ParameterShare> shares = Shares((_, _, _) => noise[next++]);
        Assert.All(shares.Where(share => !share.IsRest), share => Assert.InRange(share.Share, 0, 0.35));
    }

    [Fact]
    public void The_same_trials_give_the_same_shares()
    {
        Assert.Equal(Shares((a, b, seed) => (a * b) + (0.1 * seed)), Shares((a, b, seed) => (a * b) + (0.1 * seed)));
    }

    [Fact]
    public void A_field_that_only_some_trials_set_counts_as_a_parameter()
    {
        TrialRecord[] trials = [.. Enumerable.Range(0, 12).Select(i => Trials.Finished(
            i, i % 2 == 0 ? [("x.kind", "one")] : [("x.kind", "two"), ("x.size", i)], [("elbo", i % 2 == 0 ? 0.0 : 10 + i)]))];
        IReadOnlyList<ParameterShare> shares = ParameterImportance.Of(ReportParameter.Of([], trials), Trials.Elbo, trials)!;
        Assert.Equal(["kind", "size"], shares.Where(share => !share.IsRest).Select(share => share.Name).Order());
    }

    [Fact]
    public void Too_few_or_equal_trials_give_no_shares()
    {
        TrialRecord[] trials = Trials.Grid([1, 2, 4], [2], [1]);
        Assert.Null(ParameterImportance.Of(ReportParameter.Of([], trials), Trials.Elbo, trials));
        TrialRecord[] same = [.. Enumerable.Range(0, 6).Select(i => Trials.Finished(i, [("a", i)], [("elbo", 3)]))];
        Assert.Null(ParameterImportance.Of(ReportParameter.Of([], same), Trials.Elbo, same));
    }

    // A full grid of 4 × 4 values with three seeds.
    private static IReadOnlyList<ParameterShare> Shares(Func<int, int, long, double> score)
    {
        var trials = new List<TrialRecord>();
        for (int a = 0; a < 4; a++)
            for (int b = 0; b < 4; b++)
                for (long seed = 1; seed <= 3; seed++)
                    trials.Add(Trials.Finished(trials.Count, [("a", a), ("b", b)], [("elbo", score(a, b, seed))], seed));
        return ParameterImportance.Of(ReportParameter.Of([], trials), Trials.Elbo, trials)!;
    }
}
