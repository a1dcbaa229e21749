using VaeCluster.Core;
using VaeCluster.Sweeps.Tests.Fixtures;

namespace VaeCluster.Sweeps.Tests.Specs;

public sealed class SpaceBoundsTests
{
    [Theory]
    [InlineData("{ min: 1, max: 2, step: 1.0e-300 }", "space.objective.beta.step is '1E-300': makes more than 2147483646 values")]
    [InlineData("{ min: 1, max: 2, step: 1.0e-7 }", "space.objective.beta is 'from 1 to 2': has 10000001 values")]
    [InlineData("{ min: -1.7e308, max: 1.7e308, step: 1.0e300 }", "space.objective.beta.max is '1.7E+308': must be at most ")]
    [InlineData("{ min: 1, max: 9000000000000000, integer: true }", "space.objective.beta.max is '9000000000000000': makes more than ")]
    public void A_range_of_endless_values_is_refused_at_once(string range, string message) =>
        Assert.Contains(message, Refused($"space: {{ objective.beta: {range} }}"), StringComparison.Ordinal);

    [Fact]
    public void The_product_of_a_grid_is_bounded_before_it_is_listed()
    {
        string fields = string.Join(", ", Enumerable.Range(0, 40).Select(i => $"objective.f{i}: {{ min: 0, max: 50000, step: 1 }}"));
        Assert.Contains("search.kind is 'grid': supports at most 100000 combinations", Refused($"space: {{ objective.beta: {{ min: 0, max: 50000, step: 1 }}, {fields} }}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_of_many_parts_is_refused() => Assert.Contains(
        "at most 16 parts", Refused($"space: {{ {string.Join('.', Enumerable.Repeat("a", 80_000))}: [1, 2] }}"), StringComparison.Ordinal);

    [Fact]
    public void An_override_of_many_parts_is_refused() => Assert.Contains(
        "at most 16 parts",
        Assert.Throws<BadInputException>(() => SweepTexts.Parse(
            "space: { objective.beta: [1, 2] }", $"objective.{string.Join('.', Enumerable.Repeat("a", 80_000))}=1")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_space_of_many_values_is_refused() => Assert.Contains(
        "space is '10001 values': at most 10000 in all", Refused($"space: {{ objective.beta: [{string.Join(',', Enumerable.Range(1, 10_001))}] }}"),
        StringComparison.Ordinal);

    private static string Refused(string rest) => Assert.Throws<BadInputException>(() => SweepTexts.Parse(rest)).Message;
}
