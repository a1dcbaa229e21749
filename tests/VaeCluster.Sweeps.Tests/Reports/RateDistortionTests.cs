using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Sweeps.Reports;
using VaeCluster.Sweeps.Reports.Charts;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Reports;

public sealed class RateDistortionTests
{
    [Fact]
    public void The_front_contains_exactly_the_trials_that_are_not_dominated()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<(byte Rate, byte Distortion)[]>(points =>
        {
            RateDistortionChart.Place[] places = [.. points.Select((point, i) =>
                new RateDistortionChart.Place(Trials.Finished(i, [], []), point.Rate, point.Distortion))];
            var front = RateDistortionChart.Front(places).Select(place => (place.Rate, place.Distortion)).ToList();
            var expected = places.Where(place => !places.Any(other =>
                    other.Rate <= place.Rate && other.Distortion <= place.Distortion
                        && (other.Rate < place.Rate || other.Distortion < place.Distortion)))
                .Select(place => (place.Rate, place.Distortion)).Distinct().Order().ToList();
            return front.SequenceEqual(expected);
        }));
    }

    [Fact]
    public void No_trial_of_a_beta_lies_below_its_tangent()
    {
        SweepReport report = Trials.Report(Trials.Grid([1, 2, 8], [2, 4, 10], [1, 2]));
        RateDistortionChart.Place[] places = [.. RateDistortionChart.Places(report.Summary)];
        (double Beta, RateDistortionChart.Place Place)[] best = [.. RateDistortionChart.BestOfEachBeta(report, places)];
        Assert.Equal([1, 2, 8], best.Select(line => line.Beta));
        foreach ((double beta, RateDistortionChart.Place place) in best)
        {
            double least = place.Distortion + (beta * place.Rate);
            Assert.All(places.Where(other => report.Parameters[0].Number(other.Trial) == beta), other => Assert.True(
                other.Distortion + (beta * other.Rate) >= least));
        }
    }

    [Fact]
    public void The_slope_of_a_tangent_is_proportional_to_beta()
    {
        SweepReport report = Trials.Report(Trials.Grid([1, 4], [2, 10], [1]));
        string page = SweepReportPage.Render(report);
        string[] lines = [.. Regex.Matches(
            page, "class=\"tangent\" d=\"M([-0-9.]+) ([-0-9.]+)L([-0-9.]+) ([-0-9.]+)\"").Select(match => match.Value)];
        double[] slopes = [.. Regex.Matches(page, "class=\"tangent\" d=\"M([-0-9.]+) ([-0-9.]+)L([-0-9.]+) ([-0-9.]+)\"").Select(match =>
        {
            double[] n = [.. Enumerable.Range(1, 4).Select(i => double.Parse(match.Groups[i].Value, CultureInfo.InvariantCulture))];
            return (n[3] - n[1]) / (n[2] - n[0]);
        })];
        Assert.Equal(2, lines.Length);
        Assert.Equal(4, slopes[1] / slopes[0], 0.1); // coordinates have one decimal
        Assert.True(slopes[0] > 0); // down the page
    }

    [Fact]
    public void Failed_trials_and_trials_without_both_scores_are_omitted()
    {
        TrialRecord good = Trials.Finished(0, [], [("kl", 5), ("reconstruction", 90)]);
        SweepSummary summary = Trials.Summary(
        [
            good, good with { Index = 1, Status = TrialStatus.Failed }, good with { Index = 2, Status = TrialStatus.StoppedEarly },
            Trials.Finished(3, [], [("kl", double.NaN), ("reconstruction", 90)]), Trials.Finished(4, [], [("kl", 5)]),
        ]);
        Assert.Equal([0, 2], RateDistortionChart.Places(summary).Select(place => place.Trial.Index));
    }
}
