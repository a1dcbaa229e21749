using FsCheck.Fluent;
using VaeCluster.Core.Reduction;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.Steps;

public sealed class AssignmentPlannerTests
{
    [Fact]
    public void Every_shard_goes_to_exactly_one_worker_and_shares_differ_by_one_at_most() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<byte, byte>((a, b) =>
        {
            int shards = a % 33, workers = (b % 20) + 1;
            IReadOnlyList<IReadOnlyList<int>> dealt = AssignmentPlanner.Deal([.. Enumerable.Range(0, shards)], workers);
            return dealt.Count == workers
                && dealt.SelectMany(mine => mine).SequenceEqual(Enumerable.Range(0, shards))
                && dealt.Max(mine => mine.Count) - dealt.Min(mine => mine.Count) <= 1;
        }));

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 2)]
    [InlineData(8, 4)]
    [InlineData(16, 8)]
    public void Workers_that_divide_the_shards_send_one_node_each(int shards, int workers)
    {
        foreach (IReadOnlyList<int> mine in AssignmentPlanner.Deal([.. Enumerable.Range(0, shards)], workers))
            Assert.Single(ReductionTree.Cover([.. mine], shards));
    }

    [Theory]
    [InlineData(8, 2, 1.0)]
    [InlineData(8, 3, 8.0 / 9)]
    [InlineData(4, 3, 4.0 / 6)]
    [InlineData(4, 8, 0.5)]
    public void Efficiency_is_the_share_of_time_that_is_used(int shards, int workers, double expected) =>
        Assert.Equal(expected, AssignmentPlanner.Efficiency(shards, workers), 1e-12);
}
