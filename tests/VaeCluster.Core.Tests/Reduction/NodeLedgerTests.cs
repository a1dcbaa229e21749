using FsCheck;
using FsCheck.Fluent;
using VaeCluster.Core.Random;
using VaeCluster.Core.Reduction;

namespace VaeCluster.Core.Tests.Reduction;

public sealed class NodeLedgerTests
{
    /// <summary>
    /// Several assignments, each a random distribution of the shards over workers, send their nodes in one random order with duplicates;
    /// the server combines nodes sometimes at once and sometimes later.
    /// </summary>
    [Fact]
    public void Every_shard_counts_once_and_the_sum_has_the_same_bits_for_any_order_and_assignment()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<uint, byte>((seed, power) =>
        {
            int shards = 1 << (power % 6);
            var random = new RandomSequence(new RandomStream(seed, RandomPurpose.Score, 0, 0));
            float[] values = [.. Enumerable.Range(0, shards).Select(_ => (float)(random.NextUniform() - 0.5))];
            var server = new SummingServer(shards);
            var sent = new HashSet<int>();

            foreach (TreeNode node in Messages(random, shards))
            {
                bool fresh = server.Offer(node, Sum(node, values), combine: random.Below(3) > 0);
                int before = sent.Count;
                for (int shard = node.FirstShard; shard < node.FirstShard + node.ShardCount; shard++) sent.Add(shard);

                bool grew = sent.Count > before;
                if (grew && !fresh) return false;
                if (fresh && !grew && !server.LastSuperseded) return false;
                if (server.Ledger.IsComplete != (sent.Count == shards)) return false;
                if (!server.Ledger.MissingShards().SequenceEqual(Enumerable.Range(0, shards).Except(sent))) return false;
                if (server.Ledger.PresentNodes().Sum(present => present.ShardCount) != sent.Count) return false;
            }

            server.CombineAll();
            return server.Ledger.IsReduced && server.Sums.Count == 1
                && BitConverter.SingleToInt32Bits(server.Sums[TreeNode.Root(shards)])
                    == BitConverter.SingleToInt32Bits(Sum(TreeNode.Root(shards), values));
        }));
    }

    [Fact]
    public void A_child_of_a_received_node_is_a_duplicate()
    {
        var ledger = new NodeLedger(4);
        Assert.True(ledger.Offer(new TreeNode(1, 0)).IsAccepted);
        Assert.False(ledger.Offer(new TreeNode(1, 0)).IsAccepted);
        Assert.False(ledger.Offer(TreeNode.Leaf(1)).IsAccepted);
        Assert.True(ledger.Offer(TreeNode.Leaf(2)).IsAccepted);
        Assert.Equal([3], ledger.MissingShards());
    }

    [Fact]
    public void A_parent_supersedes_its_received_descendants()
    {
        var ledger = new NodeLedger(8);
        ledger.Offer(TreeNode.Leaf(1));
        ledger.Offer(new TreeNode(1, 1));
        ledger.Offer(TreeNode.Leaf(4));

        NodeOutcome outcome = ledger.Offer(new TreeNode(2, 0));

        Assert.True(outcome.IsAccepted);
        Assert.Equal([new TreeNode(1, 1), TreeNode.Leaf(1)], outcome.Superseded.ToArray());
        Assert.Equal([new TreeNode(2, 0), TreeNode.Leaf(4)], ledger.PresentNodes());
        Assert.False(ledger.IsPresent(TreeNode.Leaf(1)));
    }

    [Fact]
    public void Siblings_are_found_and_combined_up_to_the_root()
    {
        var ledger = new NodeLedger(4);
        ledger.Offer(TreeNode.Leaf(2));
        ledger.Offer(TreeNode.Leaf(1));
        Assert.False(ledger.TryFindPair(out _));
        ledger.Offer(TreeNode.Leaf(3));
        Assert.True(ledger.TryFindPair(out TreeNode pair));
        Assert.Equal(new TreeNode(1, 1), pair);
        ledger.Combine(pair);
        Assert.False(ledger.Offer(TreeNode.Leaf(3)).IsAccepted);
        ledger.Offer(new TreeNode(1, 0));
        Assert.True(ledger.IsComplete);
        Assert.False(ledger.IsReduced);
        Assert.True(ledger.TryFindPair(out pair));
        ledger.Combine(pair);
        Assert.True(ledger.IsReduced);

        ledger.Clear();
        Assert.Equal([0, 1, 2, 3], ledger.MissingShards());
    }

    [Fact]
    public void A_parent_without_both_children_cannot_be_combined()
    {
        var ledger = new NodeLedger(4);
        ledger.Offer(TreeNode.Leaf(0));
        Assert.Throws<InvalidOperationException>(() => ledger.Combine(new TreeNode(1, 0)));
        Assert.Throws<InvalidOperationException>(() => ledger.Combine(TreeNode.Leaf(0)));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(0, -1)]
    [InlineData(3, 0)]
    [InlineData(-1, 0)]
    [InlineData(40, 0)]
    public void A_node_outside_the_tree_is_refused(int level, int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new NodeLedger(4).Offer(new TreeNode(level, index)));

    [Fact]
    public void Offers_and_combinations_allocate_nothing()
    {
        var ledger = new NodeLedger(16);
        Fill();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++) Fill();
        }));

        void Fill()
        {
            ledger.Clear();
            for (int shard = 15; shard >= 0; shard--)
            {
                ledger.Offer(TreeNode.Leaf(shard));
                while (ledger.TryFindPair(out TreeNode parent)) ledger.Combine(parent);
            }
        }
    }

    private static List<TreeNode> Messages(RandomSequence random, int shards)
    {
        var messages = new List<TreeNode>();
        for (int assignment = 0; assignment <= random.Below(3); assignment++)
        {
            int workers = 1 + random.Below(5);
            int[] owner = [.. Enumerable.Range(0, shards).Select(_ => random.Below(workers))];
            for (int worker = 0; worker < workers; worker++)
            {
                IReadOnlyList<TreeNode> nodes =
                    ReductionTree.Cover([.. Enumerable.Range(0, shards).Where(shard => owner[shard] == worker)], shards);
                for (int copies = 1 + random.Below(2); copies > 0; copies--) messages.AddRange(nodes);
            }
        }

        for (int i = messages.Count - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (messages[i], messages[j]) = (messages[j], messages[i]);
        }

        return messages;
    }

    private static float Sum(TreeNode node, float[] values) =>
        node.Level == 0 ? values[node.Index] : Sum(node.Left, values) + Sum(node.Right, values);

    /// <summary>A minimal parameter server: each buffer is a single number.</summary>
    private sealed class SummingServer(int shards)
    {
        internal NodeLedger Ledger { get; } = new(shards);

        internal Dictionary<TreeNode, float> Sums { get; } = [];

        internal bool LastSuperseded { get; private set; }

        internal bool Offer(TreeNode node, float value, bool combine)
        {
            NodeOutcome outcome = Ledger.Offer(node);
            if (!outcome.IsAccepted) return false;
            foreach (TreeNode superseded in outcome.Superseded) Assert.True(Sums.Remove(superseded));
            LastSuperseded = outcome.Superseded.Length > 0;
            Sums.Add(node, value);
            if (combine) CombineAll();
            return true;
        }

        internal void CombineAll()
        {
            while (Ledger.TryFindPair(out TreeNode parent))
            {
                Assert.True(Sums.Remove(parent.Left, out float left));
                Assert.True(Sums.Remove(parent.Right, out float right));
                Ledger.Combine(parent);
                Sums.Add(parent, left + right);
            }
        }
    }
}
