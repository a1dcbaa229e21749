using FsCheck.Fluent;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Reduction;
using VaeCluster.Core.Specs;
using VaeCluster.Training.ParameterServers;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Tests.ParameterServers;

public sealed class ParameterServerTests
{
    private const int Shards = 8;
    private const int Length = 37;

    [Fact]
    public void Any_order_duplication_and_grouping_of_nodes_gives_the_same_bits()
    {
        float[] expected = Sum([.. Enumerable.Range(0, Shards).Select(shard => TreeNode.Leaf(shard))], out LossTerms terms);
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var nodes = new List<TreeNode>();
            do
            {
                int level = random.Next(4);
                nodes.Add(new TreeNode(level, random.Next(Shards >> level)));
            }
            while (nodes.Count < 6 || ReductionTree.Cover([.. nodes.SelectMany(ShardsOf).Distinct()], Shards) is not [{ Level: 3 }]);

            return Sum([.. nodes], out LossTerms sums).SequenceEqual(expected) && sums == terms;
        }));
    }

    [Fact]
    public void A_node_that_is_there_or_inside_one_that_is_counts_once()
    {
        ParameterServer server = Server(new float[Length]);
        server.Begin(1, 1);
        Assert.Equal(PushOutcome.Accepted, server.Push(1, 1, new TreeNode(1, 0), Gradient(new TreeNode(1, 0)), default));
        Assert.Equal(PushOutcome.Repeat, server.Push(1, 1, new TreeNode(1, 0), Gradient(new TreeNode(1, 0)), default));
        Assert.Equal(PushOutcome.Repeat, server.Push(1, 1, TreeNode.Leaf(1), Gradient(TreeNode.Leaf(1)), default));
        Assert.Equal([2, 3, 4, 5, 6, 7], server.MissingShards);
        Assert.False(server.IsComplete);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 4)]
    [InlineData(2, 6)]
    [InlineData(3, 5)]
    public void Another_generation_or_step_is_refused(int generation, int step)
    {
        ParameterServer server = Server(new float[Length]);
        server.Begin(2, 5);
        Assert.Equal(PushOutcome.Stale, server.Push(generation, step, TreeNode.Root(Shards), Gradient(TreeNode.Root(Shards)), default));
        Assert.False(server.IsComplete);
    }

    [Fact]
    public void An_old_generation_cannot_come_back()
    {
        ParameterServer server = Server(new float[Length]);
        server.Begin(3, 1);
        Assert.Throws<ArgumentException>(() => server.Begin(2, 9));
    }

    [Fact]
    public void The_update_divides_the_sum_once()
    {
        var weights = new float[Length];
        ParameterServer server = Server(weights);
        server.Begin(1, 1);
        foreach (int shard in Enumerable.Range(0, Shards))
            server.Push(1, 1, TreeNode.Leaf(shard), Enumerable.Repeat(2f, Length).ToArray(), default);
        Assert.Equal(Length * 256.0, server.ReduceBlock(0));
        server.ApplyBlock(0, new UpdateStep(1f / 16, 0.5f, 1));
        Assert.All(weights, weight => Assert.Equal(-0.5f, weight));
    }

    private static float[] Sum(IReadOnlyList<TreeNode> nodes, out LossTerms terms)
    {
        var weights = new float[Length];
        ParameterServer server = Server(weights);
        server.Begin(1, 1);
        foreach (TreeNode node in nodes) server.Push(1, 1, node, Gradient(node), TermsOf(node));
        Assert.True(server.IsComplete);
        terms = server.Terms;
        server.ReduceBlock(0);
        server.ApplyBlock(0, new UpdateStep(1, 1, 1));
        return weights;
    }

    // Numbers whose sum depends on the order of adding.
    private static float[] Gradient(TreeNode node)
    {
        if (node.Level > 0)
        {
            float[] left = Gradient(node.Left), right = Gradient(node.Right);
            return [.. left.Zip(right, (a, b) => a + b)];
        }

        var random = new Random(node.Index);
        return [.. Enumerable.Range(0, Length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-4, 5))))];
    }

    private static LossTerms TermsOf(TreeNode node) =>
        node.Level > 0
            ? TermsOf(node.Left) + TermsOf(node.Right)
            : new LossTerms(0.1 * node.Index, 1e9 / (node.Index + 1), 1e-9 * node.Index);

    private static IEnumerable<int> ShardsOf(TreeNode node) => Enumerable.Range(node.FirstShard, node.ShardCount);

    private static ParameterServer Server(float[] weights)
    {
        var sgd = new MemberSpec("sgd", new Dictionary<string, object> { ["momentum"] = 0.0, ["nesterov"] = false, ["weightDecay"] = 0.0 });
        IOptimizer optimizer = OptimizerFactory.Create(sgd);
        return new ParameterServer(new BlockRange(0, 0, 1, 0, Length), Shards, optimizer, weights,
            [.. Enumerable.Range(0, optimizer.Moments).Select(_ => new float[Length].AsMemory())]);
    }
}
