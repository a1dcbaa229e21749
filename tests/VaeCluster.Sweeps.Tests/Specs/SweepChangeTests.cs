using VaeCluster.Core;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Sweeps.Tests.Fixtures;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Tests.Specs;

public sealed class SweepChangeTests
{
    private static readonly SweepSpec Sweep =
        SweepTexts.Parse("search: { kind: random, trials: 8, seed: 3 }\nspace: { objective.beta: { min: 1, max: 4 } }\nseeds: [1, 2]");

    [Fact]
    public void Trials_parallel_and_maxFailures_can_be_changed()
    {
        SweepSpec changed = SweepChange.Apply(Sweep, ["search.trials=40", "parallel=4", "maxFailures=9"], begun: 8);
        Assert.Equal((4, 9, 40), (changed.Parallel, changed.MaxFailures, new TrialPlan(changed).Count));
        for (int i = 0; i < 8; i++)
            Assert.Equal(new TrialPlan(Sweep).At(i, []).RunSpec(Sweep), new TrialPlan(changed).At(i, []).RunSpec(changed));
    }

    [Theory]
    [InlineData("training.epochs=5", "base.training.epochs")]
    [InlineData("space.objective.beta=[1, 2]", "space.objective.beta")]
    [InlineData("seeds=[1, 2, 3]", "seeds")]
    [InlineData("search.seed=4", "search.seed")]
    [InlineData("objective=kl", "objective")]
    [InlineData("scores=[mig]", "scores")]
    [InlineData("stop=median", "stop.kind")]
    [InlineData("name=other", "name")]
    public void Fields_that_affect_finished_trials_cannot_be_changed(string text, string field)
    {
        BadInputException fault = Assert.Throws<BadInputException>(() => SweepChange.Apply(Sweep, [text], begun: 2));
        Assert.Contains($"--set {field}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be changed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_trials_cannot_go_below_those_already_started() =>
        Assert.Contains("at least 6", Assert.Throws<BadInputException>(
            () => SweepChange.Apply(Sweep, ["search.trials=5"], begun: 6)).Message, StringComparison.Ordinal);
}
