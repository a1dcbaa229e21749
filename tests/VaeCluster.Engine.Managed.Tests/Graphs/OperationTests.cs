using VaeCluster.Engine.Managed.Products;

namespace VaeCluster.Engine.Managed.Tests.Graphs;

/// <summary>Compares every operation with the float64 reference, and with itself at other shard counts and vector widths.</summary>
public sealed class OperationTests
{
    public static TheoryData<string> Operations => OperationCases.Names;

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_match_the_reference(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 21, shards: 1);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 40, shards: 8);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples: 1, shards: 1);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_batch_in_shards_gives_the_bits_of_its_shards_added_along_the_tree(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        foreach ((int examples, int shards) in new[] { (24, 2), (24, 4), (24, 8), (64, 2), (36, 4) })
            trial.AssertShardsAddUp(KernelWidth.Bits512, examples, shards);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_vector_width_gives_the_same_bits(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        Dictionary<string, float[]> expected = trial.Run(KernelWidth.Scalar, examples: 20, shards: 4);
        foreach (KernelWidth width in new[] { KernelWidth.Bits128, KernelWidth.Bits256, KernelWidth.Bits512 })
        {
            Dictionary<string, float[]> actual = trial.Run(width, examples: 20, shards: 4);
            foreach (string name in expected.Keys) Assert.Equal(Trial.Bits(expected[name]), Trial.Bits(actual[name]));
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Adding_to_a_vector_gives_the_bits_of_adding_the_finished_gradient(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        float[] start = trial.Start(0.37f);
        foreach (int shards in new[] { 1, 4 })
        {
            float[] finished = trial.Run(KernelWidth.Bits512, 20, shards)["gradient"];
            float[] added = trial.Run(KernelWidth.Bits512, 20, shards, addTo: start)["gradient"];
            Assert.Equal(Trial.Bits(start.Zip(finished, (a, b) => a + b)), Trial.Bits(added));
        }
    }
}
