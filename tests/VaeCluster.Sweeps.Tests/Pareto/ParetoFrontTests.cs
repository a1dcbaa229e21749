using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Sweeps.Pareto;

namespace VaeCluster.Sweeps.Tests.Pareto;

public sealed class ParetoFrontTests
{
    [Fact]
    public void The_front_contains_exactly_the_points_that_are_not_dominated() =>
        Check.QuickThrowOnFailure(Prop.ForAll<(byte, byte)[]>(pairs =>
    {
        double[][] points = [.. pairs.Select(pair => new double[] { pair.Item1 % 8, pair.Item2 % 8 })];
        IReadOnlyList<int> front = ParetoFront.Of(points);
        return points.Length == 0
            ? front.Count == 0
            : Enumerable.Range(0, points.Length)
                .All(i => front.Contains(i) == !points.Any(other => ParetoFront.Dominates(other, points[i])));
    }));

    [Fact]
    public void Ranks_number_the_successive_fronts()
    {
        double[][] points = [[1, 1], [0, 2], [2, 2], [3, 3], [2, 0], [1, 1]];
        Assert.Equal([0, 0, 1, 2, 0, 0], ParetoFront.Ranks(points));
    }

    [Fact]
    public void NaN_is_worse_than_any_number() =>
        Assert.Equal([1], ParetoFront.Of([[double.NaN, 1], [5, 1]]));
}
