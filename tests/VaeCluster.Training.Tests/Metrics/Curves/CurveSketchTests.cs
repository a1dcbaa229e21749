using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Training.Tests.Metrics.Curves;

public sealed class CurveSketchTests
{
    [Fact]
    public void The_extremes_the_first_and_the_last_stay_in_order_and_within_the_number_of_points() =>
        Check.QuickThrowOnFailure(Prop.ForAll<short[], byte, bool>((some, more, isLong) =>
        {
            if (some is null || some.Length == 0) return;

            // A long curve has more steps than a sketch has buckets.
            double[] values = isLong
                ? [.. Enumerable.Range(0, 9000).Select(i => (double)some[(int)(i * 2654435761L % some.Length)] + (i % 7))]
                : [.. some.Select(value => (double)value)];
            int points = 4 + more;
            var sketch = new CurveSketch();
            for (int i = 0; i < values.Length; i++) sketch.Add(i + 1, values[i]);
            double[][] thin = sketch.Thin(points);
            Assert.InRange(thin.Length, 1, points);
            Assert.Equal((1, values[0]), (thin[0][0], thin[0][1]));
            Assert.Equal((values.Length, values[^1]), (thin[^1][0], thin[^1][1]));
            Assert.Equal(values.Min(), thin.Min(point => point[1]));
            Assert.Equal(values.Max(), thin.Max(point => point[1]));
            Assert.True(thin.Zip(thin.Skip(1)).All(pair => pair.First[0] < pair.Second[0]), "in order of steps");
            Assert.All(thin, point => Assert.Equal(values[(int)point[0] - 1], point[1]));
        }));

    [Fact]
    public void Two_halves_added_show_what_the_whole_shows()
    {
        CurveSketch whole = new(), first = new(), second = new();
        for (int step = 1; step <= 20_000; step++)
        {
            double value = Math.Sin(step * 0.37) * step;
            whole.Add(step, value);
            (step <= 9_000 ? first : second).Add(step, value);
        }

        first.Add(second);
        Assert.Equal(whole.Thin(300), first.Thin(300));
    }

    [Fact]
    public void Values_that_are_not_finite_leave_gaps()
    {
        var sketch = new CurveSketch();
        Assert.Empty(sketch.Thin(10));
        sketch.Add(1, double.NaN);
        sketch.Add(2, 5);
        sketch.Add(3, double.PositiveInfinity);
        Assert.Equal([[2, 5]], sketch.Thin(10));
    }
}
