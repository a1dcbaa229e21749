using VaeCluster.Core.Schedules;
using VaeCluster.Core.Specs;

namespace VaeCluster.Core.Tests.Schedules;

public sealed class ScheduleTests
{
    [Fact]
    public void A_constant_learning_rate_does_not_change() => AssertTable(Rate("constant"), 100, (0, 1), (99, 1));

    [Fact]
    public void A_warm_up_rises_linearly_before_the_schedule_begins()
    {
        AssertTable(Rate("constant", ("warmupSteps", 4L)), 100, (0, 0.25), (1, 0.5), (3, 1), (4, 1));
        AssertTable(Rate("cosine", ("warmupSteps", 10L)), 110, (9, 1), (10, 1), (60, 0.5));
        AssertTable(Rate("constant", ("warmupSteps", 100L)), 10, (9, 0.1));
    }

    [Fact]
    public void A_step_schedule_decays_at_each_multiple() =>
        AssertTable(Rate("step", ("every", 10L), ("gamma", 0.5)), 100, (0, 1), (9, 1), (10, 0.5), (25, 0.25), (99, 1 / 512.0));

    [Fact]
    public void A_cosine_falls_to_its_final_fraction()
    {
        AssertTable(Rate("cosine"), 100, (0, 1), (25, 0.5 + Math.Sqrt(0.125)), (50, 0.5), (75, 0.5 - Math.Sqrt(0.125)), (100, 0), (150, 0));
        AssertTable(Rate("cosine", ("final", 0.2)), 100, (0, 1), (50, 0.6), (100, 0.2));
    }

    [Fact]
    public void A_linear_beta_rises_from_zero_and_stays_at_one()
    {
        AssertTable(Beta("linear", ("steps", 10L)), 100, (0, 0), (5, 0.5), (10, 1), (99, 1));
        AssertTable(Beta("linear"), 100, (0, 0), (50, 0.5), (99, 0.99));
        AssertTable(Beta("constant"), 100, (0, 1), (99, 1));
    }

    [Fact]
    public void A_cyclical_beta_rises_in_every_cycle()
    {
        AssertTable(Beta("cyclical"), 80, (0, 0), (5, 0.5), (10, 1), (19, 1), (20, 0), (25, 0.5), (60, 0), (79, 1));
        AssertTable(Beta("cyclical", ("cycles", 1L), ("ratio", 1.0)), 10, (0, 0), (5, 0.5), (9, 0.9));
    }

    [Fact]
    public void A_step_outside_the_run_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Rate("constant").At(-1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Beta("linear").At(0, 0));
    }

    [Fact]
    public void The_error_for_a_missing_required_field_names_it()
    {
        var fault = Assert.Throws<ArgumentException>(() => Rate("step"));
        Assert.Contains("'every'", fault.Message, StringComparison.Ordinal);
    }

    private static ISchedule Rate(string kind, params (string Name, object Value)[] fields) =>
        LearningRateSchedules.Create(Spec(kind, fields));

    private static ISchedule Beta(string kind, params (string Name, object Value)[] fields) => BetaSchedules.Create(Spec(kind, fields));

    private static MemberSpec Spec(string kind, (string Name, object Value)[] fields) =>
        new(kind, fields.ToDictionary(field => field.Name, field => field.Value));

    private static void AssertTable(ISchedule schedule, int total, params (int Step, double Factor)[] table)
    {
        foreach ((int step, double factor) in table) Assert.Equal(factor, schedule.At(step, total), 1e-12);
    }
}
