using VaeCluster.Engine.Managed;
using VaeCluster.Engine.Managed.Tests.Graphs;
using VaeCluster.Models;
using VaeCluster.Tests.PyTorch;

namespace VaeCluster.Engine.Torch.Tests;

/// <summary>Whole models: the same weights, batch and noise give the managed engine's numbers.</summary>
public sealed class ModelTests
{
    [RequiresTheory(Requirement.Libstdcxx)]
    [MemberData(nameof(Models.All), MemberType = typeof(Models))]
    public void Loss_and_gradients_are_those_of_the_managed_engine(string architecture, string likelihood, string objective)
    {
        VaeModel model = Models.Create(architecture, likelihood, objective);

        // An importance weight is e to a log-weight of some thousand nats, where float32 has steps of 2.4e-4: that is its relative error,
        // and the gradient's, in either engine; sums of thousands of pixels differ by a step or two.
        double tolerance = objective.EndsWith("iwae", StringComparison.Ordinal) ? 1e-3 : 1e-4;
        AssertAgree(model, examples: 4, tolerance);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [MemberData(nameof(NetworkCase.Numbers), MemberType = typeof(NetworkCase))]
    public void Networks_with_normalisation_and_dropout_agree_and_their_shards_add_up(int number)
    {
        VaeModel model = NetworkCase.All[number].Model();
        AssertAgree(model, examples: 8).AssertShardsAddUp(Engines.Shared, examples: 8, shards: 4);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData("mlp", "vae", "mixture", "gaussian")]
    [InlineData("mlp", "iwae", "mixture", "gaussian")]
    [InlineData("mlp", "vae", "vamp", "gaussian")]
    [InlineData("burgess", "vae", "vamp", "gaussian")]
    [InlineData("resnet", "vae", "vamp", "gaussian")]
    [InlineData("mlp", "vae", "standard", "planar")]
    [InlineData("mlp", "iwae", "mixture", "planar")]
    [InlineData("mlp", "vae", "standard", "iaf")]
    [InlineData("burgess", "vae", "mixture", "iaf")]
    public void Learned_priors_and_flows_agree_too(string architecture, string objective, string prior, string posterior)
    {
        VaeModel model = Models.Create(architecture, "bernoulli", objective, prior, posterior);
        AssertAgree(model, examples: 4, tolerance: 1e-3).AssertShardsAddUp(Engines.Shared, 8, 4);
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData("mlp")]
    [InlineData("burgess")]
    [InlineData("study-conv")]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void The_other_graphs_of_a_model_agree_too(string architecture)
    {
        VaeModel model = Models.Create(architecture, "gaussian", "vae");
        foreach (var graph in new[] { model.Bound, model.Encoder, model.Decoder, model.Likelihood })
        {
            var trial = new Trial(graph);
            using var managed = new ManagedEngine();
            using var left = managed.CreateWeights(model.Layout);
            using var right = Engines.Shared.CreateWeights(model.Layout);
            trial.CopyWeights(left.Flat.Span);
            trial.CopyWeights(right.Flat.Span);
            Engines.Prepare(right);
            using var expected = left.Compile(graph, 3, gradients: false);
            using var actual = right.Compile(graph, 3, gradients: false);
            trial.Fill(expected, 0);
            trial.Fill(actual, 0);
            expected.Forward();
            actual.Forward();
            foreach (string output in graph.Outputs.Keys) AssertClose(expected.Output(output), actual.Output(output), output);
        }
    }

    [RequiresTheory(Requirement.Libstdcxx)]
    [InlineData("mlp")]
    [InlineData("burgess")]
    [InlineData("conv")]
    [InlineData("resnet")]
    public void A_batch_in_shards_has_the_bits_of_its_shards_added_along_the_tree(string architecture)
    {
        var trial = new Trial(Models.Create(architecture, "gaussian-shared", "beta-vae").Training);
        foreach ((int examples, int shards) in new[] { (8, 2), (8, 8), (12, 4) }) trial.AssertShardsAddUp(Engines.Shared, examples, shards);
    }

    // Loss, terms and gradients of both engines for the same weights, images and noise.
    private static Trial AssertAgree(VaeModel model, int examples, double tolerance = 1e-4)
    {
        var trial = new Trial(model.Training);
        using var managed = new ManagedEngine();
        Dictionary<string, float[]> expected = trial.Run(managed, examples, shards: 2);
        Dictionary<string, float[]> actual = trial.Run(Engines.Shared, examples, shards: 2);
        foreach (string output in model.Training.Outputs.Keys) AssertClose(expected[output], actual[output], output);
        foreach (var slice in model.Layout.Slices)
            AssertClose(expected["gradient"].AsSpan(slice.Offset, slice.Length), actual["gradient"].AsSpan(slice.Offset, slice.Length),
                slice.Name, tolerance);
        return trial;
    }

    internal static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = 1e-3;
        foreach (float value in expected) scale = Math.Max(scale, Math.Abs(value));
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs((double)expected[i] - actual[i]);
            Assert.True(error <= tolerance * scale, $"{what}[{i}] is {actual[i]} where {expected[i]} is expected (largest {scale})");
        }
    }
}
