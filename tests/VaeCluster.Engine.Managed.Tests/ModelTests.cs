using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed.Products;
using VaeCluster.Engine.Managed.Tests.Graphs;
using VaeCluster.Models;
using VaeCluster.Tests.PyTorch;

namespace VaeCluster.Engine.Managed.Tests;

/// <summary>
/// Compares whole models of every architecture and likelihood with the float64 reference, and shards with the whole batch.
/// </summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("bernoulli", "relu")]
    [InlineData("bernoulli", "tanh")]
    [InlineData("gaussian", "leaky-relu")]
    [InlineData("gaussian-shared", "softplus")]
    [InlineData("gaussian-fixed", "relu")]
    [InlineData("laplace", "softplus")]
    [InlineData("continuous-bernoulli", "tanh")]
    [InlineData("discretized-logistic", "relu")]
    public void A_perceptron_matches_the_reference(string likelihood, string activation)
    {
        var fields = new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[33L, 18L], ["activation"] = activation };
        Check(Model(new MemberSpec("mlp", fields), likelihood, new ImageShape(1, 7, 9)), examples: 24, shards: 4);
    }

    [Theory]
    [InlineData("vae", "samples", 3L)]
    [InlineData("vae", "kl", "monte-carlo")]
    [InlineData("beta-vae", "samples", 2L)]
    [InlineData("iwae", "samples", 5L)]
    [InlineData("iwae", "estimator", "dreg")]
    [InlineData("miwae", "samples", 3L)]
    [InlineData("ciwae", "share", 0.25)]
    [InlineData("piwae", "groups", 2L)]
    [InlineData("capacity", "of", "batch-mean")]
    [InlineData("capacity", "of", "example")]
    [InlineData("free-bits", "of", "batch-mean")]
    [InlineData("free-bits", "of", "example")]
    [InlineData("free-bits", "groupSize", 3L)]
    [InlineData("beta-tcvae", "beta", 3.0)]
    [InlineData("dip-vae-i", "lambdaDiagonal", 3.0)]
    [InlineData("dip-vae-ii", "lambdaOffDiagonal", 3.0)]
    [InlineData("info-vae", "kernel", "imq")]
    [InlineData("wae-mmd", "kernel", "rbf")]
    public void Every_objective_matches_the_reference(string kind, string field, object value)
    {
        var mlp = new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[17L], ["activation"] = "tanh" };
        MemberSpec objective = new(kind, new Dictionary<string, object> { [field] = value });
        Check(Model(new MemberSpec("mlp", mlp), "bernoulli", new ImageShape(1, 5, 7), objective), examples: 24, shards: 4);
    }

    [Theory]
    [MemberData(nameof(NetworkCase.Numbers), MemberType = typeof(NetworkCase))]
    public void Shards_of_a_network_add_up(int number)
    {
        var trial = new Trial(NetworkCase.All[number].Model().Training);
        trial.AssertShardsAddUp(KernelWidth.Bits512, examples: 12, shards: 4);
    }

    [Theory]
    [InlineData("mixture", "vae", "samples", 2L)]
    [InlineData("mixture", "piwae", "groups", 2L)]
    [InlineData("vamp", "beta-vae", "beta", 2.0)]
    [InlineData("vamp", "iwae", "estimator", "dreg")]
    public void Learned_priors_match_the_reference(string prior, string kind, string field, object value)
    {
        var mlp = new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[17L], ["activation"] = "tanh" };
        MemberSpec objective = new(kind, new Dictionary<string, object> { [field] = value });
        MemberSpec components = new(prior, new Dictionary<string, object> { ["components"] = 5L });
        Check(Model(new MemberSpec("mlp", mlp), "bernoulli", new ImageShape(1, 5, 7), objective, components), examples: 24, shards: 4);
    }

    [Theory]
    [InlineData("planar", "standard", "vae", "samples", 2L)]
    [InlineData("planar", "mixture", "iwae", "samples", 3L)]
    [InlineData("iaf", "standard", "beta-vae", "beta", 2.0)]
    [InlineData("iaf", "mixture", "ciwae", "samples", 2L)]
    public void Flows_match_the_reference(string posterior, string prior, string kind, string field, object value)
    {
        var mlp = new Dictionary<string, object> { ["hidden"] = (IReadOnlyList<long>)[17L], ["activation"] = "tanh" };
        MemberSpec objective = new(kind, new Dictionary<string, object> { [field] = value });
        MemberSpec steps = new(posterior, new Dictionary<string, object> { ["steps"] = 3L });
        Check(
            Model(new MemberSpec("mlp", mlp), "bernoulli", new ImageShape(1, 5, 7), objective, new MemberSpec(prior), steps),
            examples: 24, shards: 4);
    }

    [Theory]
    [InlineData("none", 0.0)]
    [InlineData("layer", 0.0)]
    [InlineData("layer", 0.3)]
    public void Learned_images_pass_through_normalised_networks_and_nothing_of_them_is_dropped(string normalization, double dropout)
    {
        var mlp = new Dictionary<string, object>
        {
            ["hidden"] = (IReadOnlyList<long>)[16L],
            ["activation"] = "silu",
            ["normalization"] = normalization,
            ["dropout"] = dropout,
        };
        MemberSpec vamp = new("vamp", new Dictionary<string, object> { ["components"] = 5L });
        Check(Model(new MemberSpec("mlp", mlp), "bernoulli", new ImageShape(1, 5, 7), prior: vamp), examples: 24, shards: 4);
    }

    [Theory]
    [InlineData("stride", "nearest")]
    [InlineData("average", "transposed")]
    public void Residual_blocks_of_learned_images_match_the_reference(string downsampling, string upsampling)
    {
        var resnet = new Dictionary<string, object>
        {
            ["channels"] = (IReadOnlyList<long>)[4L, 6L],
            ["groups"] = 2L,
            ["blocks"] = 1L,
            ["stem"] = 1L,
            ["downsampling"] = downsampling,
            ["upsampling"] = upsampling,
        };
        MemberSpec vamp = new("vamp", new Dictionary<string, object> { ["components"] = 3L });
        Check(Model(new MemberSpec("resnet", resnet), "bernoulli", new ImageShape(1, 16, 16), prior: vamp), examples: 4, shards: 2);
    }

    [Fact]
    public void Convolutions_of_learned_images_match_the_reference() => Check(
        Model(new MemberSpec("burgess"), "bernoulli", new ImageShape(1, 32, 32), prior: new MemberSpec(
            "vamp", new Dictionary<string, object> { ["components"] = 3L })), examples: 4, shards: 2);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Burgess_convolutions_match_the_reference(int channels) =>
        Check(Model(new MemberSpec("burgess"), "bernoulli", new ImageShape(channels, 32, 32)), examples: 4, shards: 2);

    [Fact]
    public void The_convolutions_of_the_disentanglement_study_match_the_reference() =>
        Check(Model(new MemberSpec("study-conv"), "bernoulli", new ImageShape(1, 64, 64)), examples: 2, shards: 2);

    private static void Check(VaeModel model, int examples, int shards)
    {
        var trial = new Trial(model.Training);
        trial.AssertAgreesWithReference(KernelWidth.Bits512, examples, shards, tolerance: 1e-4);
        trial.AssertShardsAddUp(KernelWidth.Bits512, examples, shards);
    }

    private static VaeModel Model(MemberSpec architecture, string likelihood, ImageShape image, MemberSpec? objective = null,
        MemberSpec? prior = null, MemberSpec? posterior = null)
    {
        if (!architecture.Values.ContainsKey("activation"))
            architecture =
                new MemberSpec(architecture.Name, new Dictionary<string, object>(architecture.Values) { ["activation"] = "relu" });
        var spec = new RunSpec
        {
            Data = new DataSpec { Dataset = new MemberSpec("idx") },
            Model = new ModelSpec
            {
                Architecture = architecture,
                Likelihood = new MemberSpec(
                    likelihood, new Dictionary<string, object> { ["varianceFloor"] = 1e-4, ["scaleFloor"] = 1e-3, ["sigma"] = 0.5 }),
                Posterior = posterior ?? new MemberSpec("gaussian"),
                Prior = prior ?? new MemberSpec("standard"),
                Latent = 6,
            },
            Objective = new ObjectiveSpec { Kind = objective ?? new MemberSpec("vae") },
        };
        return VaeModel.Create(spec, image);
    }
}
