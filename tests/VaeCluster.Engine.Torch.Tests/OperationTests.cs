using VaeCluster.Engine.Managed.Tests.Graphs;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>Every operation against the float64 oracle, and against itself in other cuts.</summary>
public sealed class OperationTests
{
    public static TheoryData<string> Operations => OperationCases.Names;

    [RequiresTheory(Requirement.Libstdcxx)]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_those_of_the_reference(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        trial.AssertAgreesWithReference(Engines.Shared, examples: 21, shards: 1);
        trial.AssertAgreesWithReference(Engines.Shared, examples: 40, shards: 8);
        trial.AssertAgreesWithReference(Engines.Shared, examples: 1, shards: 1);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [MemberData(nameof(Operations))]
    public void A_batch_in_shards_has_the_bits_of_its_shards_added_along_the_tree(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        foreach ((int examples, int shards) in new[] { (24, 2), (24, 4), (24, 8), (64, 2), (36, 4) })
            trial.AssertShardsAddUp(Engines.Shared, examples, shards);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [MemberData(nameof(Operations))]
    public void Adding_to_a_vector_has_the_bits_of_adding_the_finished_gradient(string operation)
    {
        Trial trial = OperationCases.Create(operation);
        float[] start = trial.Start(0.37f);
        foreach (int shards in new[] { 1, 4 })
        {
            float[] finished = trial.Run(Engines.Shared, 20, shards)["gradient"];
            float[] added = trial.Run(Engines.Shared, 20, shards, addTo: start)["gradient"];
            Assert.Equal(Trial.Bits(start.Zip(finished, (a, b) => a + b)), Trial.Bits(added));
        }
    }
}
