using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Evaluation.Reports.Charts;

namespace VaeCluster.Evaluation.Tests.Reports;

public class ChartTests
{
    [Fact]
    public void Thinning_keeps_order_end_points_and_extremes_within_the_limit()
    {
        Arbitrary<(int Count, int Most, int Seed)> cases = Gen.Choose(1, 3000).Zip(Gen.Choose(4, 600)).Zip(Gen.Choose(0, 10000))
            .Select(c => (c.Item1.Item1, c.Item1.Item2, c.Item2)).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(cases, c =>
        {
            var random = new Random(c.Seed);
            ChartPoint[] points = [.. Enumerable.Range(0, c.Count).Select(i => new ChartPoint(i, random.NextDouble()))];
            IReadOnlyList<ChartPoint> kept = Thinning.KeepExtremes(points, c.Most);
            return kept.Count <= c.Most && kept[0] == points[0] && kept[^1] == points[^1]
                && kept.Zip(kept.Skip(1), (a, b) => a.X < b.X).All(ordered => ordered)
                && kept.Max(p => p.Y) == points.Max(p => p.Y) && kept.Min(p => p.Y) == points.Min(p => p.Y);
        }));
    }

    [Fact]
    public void Thinning_skips_values_that_are_not_finite() =>
        Assert.Equal([new ChartPoint(1, 1)], Thinning.KeepExtremes([new(0, double.NaN), new(1, 1), new(2, double.PositiveInfinity)]));

    [Theory]
    [InlineData(0, 100, 5, "0,20,40,60,80,100")]
    [InlineData(-1, 1, 4, "−1.0,−0.5,0,0.5,1.0")]
    [InlineData(0, 30000, 3, "0,10k,20k,30k")]
    [InlineData(0, 0.03, 3, "0,0.01,0.02,0.03")]
    [InlineData(0, 4680, 5, "0,1000,2000,3000,4000")]
    [InlineData(0, 2000000, 4, "0,0.5M,1.0M,1.5M,2.0M")]
    public void Ticks_are_round(double min, double max, int ticks, string expected)
    {
        Axis axis = Axis.Exactly(min, max, ticks);
        Assert.Equal(expected, string.Join(',', axis.Ticks().Select(axis.Label)));
    }

    [Fact]
    public void An_axis_contains_its_values_and_ends_on_ticks()
    {
        Arbitrary<(int A, int B)> ranges = Gen.Choose(-100000, 100000).Two().Select(p => (p.Item1, p.Item2)).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(ranges, r =>
        {
            double min = Math.Min(r.A, r.B) / 64.0, max = Math.Max(r.A, r.B) / 64.0;
            Axis axis = Axis.Around(min, max, 5);
            double[] ticks = [.. axis.Ticks()];
            return axis.Min <= min && axis.Max >= max && axis.Max > axis.Min && ticks.Length is >= 2 and <= 10
                && Math.Abs(ticks[0] - axis.Min) < axis.TickStep * 1e-6 && Math.Abs(ticks[^1] - axis.Max) < axis.TickStep * 1e-6;
        }));
    }

    [Fact]
    public void Labels_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(string.Empty) { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("0.5", Axis.Exactly(0, 1, 2).Label(0.5));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
