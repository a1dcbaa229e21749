using VaeCluster.Sweeps.Stopping;

namespace VaeCluster.Sweeps.Tests.Stopping;

public sealed class StopRuleTests
{
    [Fact]
    public void Asha_continues_the_best_third_at_each_rung()
    {
        // Nine trials one after another; in the first row the losses fall at first.
        Assert.Equal([27, 27, 27, 1, 1, 1, 1, 1, 1], Run(new AshaRule(1, 3), [9, 8, 7, 8.5, 8.6, 8.7, 8.8, 8.9, 9.1]));
        Assert.Equal([27, 1, 1, 1, 1, 3, 1, 1, 27], Run(new AshaRule(1, 3), [5, 6, 7, 8, 9, 5.5, 10, 11, 1]));
    }

    [Fact]
    public void Asha_decides_only_at_rungs()
    {
        var rule = new AshaRule(grace: 2, reduction: 3);
        List<Measurement> seen = [.. Enumerable.Range(1, 20).Select(epoch => new Measurement(0, epoch, 1))];
        for (int epoch = 1; epoch <= 20; epoch++)
        {
            string? reason = rule.WhyStop(seen, new Measurement(1, epoch, 2));
            Assert.True((reason is not null) == epoch is 2 or 6 or 18, $"epoch {epoch}: {reason}");
            seen.Add(new Measurement(1, epoch, 2));
        }
    }

    [Fact]
    public void With_infrequent_evaluations_Asha_uses_the_highest_rung_passed()
    {
        var rule = new AshaRule(grace: 1, reduction: 3);
        Measurement[] seen = [new(0, 5, 1), new(0, 10, 0.5)];
        Assert.Contains("at epoch 3", rule.WhyStop(seen, new Measurement(1, 5, 2)), StringComparison.Ordinal);
        Assert.Contains("at epoch 9", rule.WhyStop([.. seen, new(1, 5, 0.9)], new Measurement(1, 10, 2)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_median_rule_compares_the_best_so_far_with_the_median_of_means()
    {
        var rule = new MedianRule(grace: 2, minTrials: 3);
        // Means up to epoch 2: 4, 6, 8; their median is 6.
        List<Measurement> seen = [new(0, 1, 5), new(0, 2, 3), new(1, 1, 7), new(1, 2, 5), new(2, 1, 9), new(2, 2, 7)];
        Assert.Null(rule.WhyStop(seen, new Measurement(3, 1, 100)));
        Assert.NotNull(rule.WhyStop([.. seen, new(3, 1, 100)], new Measurement(3, 2, 6.1)));
        Assert.Null(rule.WhyStop([.. seen, new(3, 1, 100)], new Measurement(3, 2, 6)));
        Assert.Null(rule.WhyStop([.. seen, new(3, 1, 5.9)], new Measurement(3, 2, 50)));
        Assert.Null(rule.WhyStop(seen[..4], new Measurement(3, 2, 100)));
    }

    [Fact]
    public void NaN_is_worst()
    {
        Measurement[] seen = [new(0, 1, 5), new(1, 1, double.NaN)];
        Assert.NotNull(new AshaRule(1, 3).WhyStop(seen[..1], seen[1]));
        Assert.Null(new AshaRule(1, 3).WhyStop(seen[1..], new Measurement(2, 1, 1e9)));
    }

    // The number of epochs, of 27, that each trial trains; its loss is constant.
    private static int[] Run(AshaRule rule, double[] losses)
    {
        var seen = new List<Measurement>();
        return
        [
            .. losses.Select((loss, trial) =>
            {
                for (int epoch = 1; epoch < 27; epoch++)
                {
                    var latest = new Measurement(trial, epoch, loss);
                    string? reason = rule.WhyStop(seen, latest);
                    seen.Add(latest);
                    if (reason is not null) return epoch;
                }

                return 27;
            }),
        ];
    }
}
