using VaeCluster.Core;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Models;
using VaeCluster.Models.Architectures;
using VaeCluster.Models.Likelihoods;
using VaeCluster.Models.Objectives;
using VaeCluster.Training.Runs;

namespace VaeCluster.Evaluation.Tests.Export;

/// <summary>A model with random weights, and the managed engine's outputs for some images and latents.</summary>
internal sealed class ExportedModel
{
    internal const int Rows = 5;

    // By name: architecture, its fields, likelihood, image shape.
    private static readonly Dictionary<string, (
        string Architecture, Dictionary<string, object> Fields, string Likelihood, ImageShape Image)> All = new()
        {
            ["mlp"] = (
            "mlp", new() { ["hidden"] = (IReadOnlyList<long>)[30L, 20L], ["activation"] = "softplus", ["decoderActivation"] = "tanh" },
            "bernoulli", new ImageShape(1, 9, 7)),
            ["mlp-colour"] =
            ("mlp", new() { ["hidden"] = (IReadOnlyList<long>)[30L], ["activation"] = "leaky-relu" }, "gaussian", new ImageShape(3, 4, 5)),
            ["burgess"] = ("burgess", [], "bernoulli", new ImageShape(1, 64, 64)),
            ["burgess-32"] = ("burgess", [], "gaussian-shared", new ImageShape(3, 32, 32)),
            ["study-conv"] = ("study-conv", [], "bernoulli", new ImageShape(1, 64, 64)),
            ["conv"] = (
            "conv",
            new()
            {
                ["layers"] = (IReadOnlyList<IReadOnlyDictionary<string, long>>)
                [
                    new Dictionary<string, long> { ["channels"] = 8, ["kernel"] = 3, ["stride"] = 1 },
                    new Dictionary<string, long> { ["channels"] = 12, ["kernel"] = 4, ["stride"] = 2 },
                ],
                ["hidden"] = (IReadOnlyList<long>)[40L],
                ["activation"] = "leaky-relu",
            },
            "gaussian", new ImageShape(3, 12, 16)),
            ["mlp-norm"] = (
            "mlp",
            new() { ["hidden"] = (IReadOnlyList<long>)[32L, 16L], ["activation"] = "silu", ["normalization"] = "layer", ["dropout"] = 0.5 },
            "bernoulli", new ImageShape(1, 9, 7)),
            ["conv-norm"] = (
            "conv",
            new()
            {
                ["layers"] = (IReadOnlyList<IReadOnlyDictionary<string, long>>)
                    [new Dictionary<string, long> { ["channels"] = 8 }, new Dictionary<string, long> { ["channels"] = 12 }],
                ["hidden"] = (IReadOnlyList<long>)[40L],
                ["activation"] = "relu",
                ["normalization"] = "group",
                ["groups"] = 4L,
            },
            "gaussian", new ImageShape(3, 12, 16)),
            ["resnet"] = (
            "resnet",
            new() { ["channels"] = (IReadOnlyList<long>)[8L, 12L], ["groups"] = 4L, ["dropout"] = 0.1 }, "gaussian",
            new ImageShape(3, 16, 8)),
            ["resnet-average"] = (
            "resnet",
            new()
            {
                ["channels"] = (IReadOnlyList<long>)[6L, 8L],
                ["groups"] = 2L,
                ["blocks"] = 2L,
                ["stem"] = 2L,
                ["activation"] = "relu",
                ["downsampling"] = "average",
                ["upsampling"] = "transposed",
            },
            "bernoulli", new ImageShape(1, 16, 16)),
            ["planar"] = ("mlp", new() { ["hidden"] = (IReadOnlyList<long>)[12L] }, "bernoulli", new ImageShape(1, 5, 5)),
            ["iaf"] = ("mlp", new() { ["hidden"] = (IReadOnlyList<long>)[12L] }, "bernoulli", new ImageShape(1, 5, 5)),
            ["ae"] = ("mlp", new() { ["hidden"] = (IReadOnlyList<long>)[10L] }, "gaussian-fixed", new ImageShape(1, 5, 5)),
        };

    internal ExportedModel(string name)
    {
        (string architecture, Dictionary<string, object> fields, string likelihood, ImageShape image) = All[name];
        Spec = new RunSpec
        {
            Data = new DataSpec { Dataset = new MemberSpec("idx", new Dictionary<string, object> { ["path"] = "images.idx" }) },
            Model = new ModelSpec
            {
                Architecture = Member.Complete(ArchitectureFamily.Members, new MemberSpec(architecture, fields)),
                Likelihood = Member.Complete(LikelihoodFamily.Members, new MemberSpec(likelihood)),
                Posterior = new MemberSpec(name is "planar" or "iaf" ? name : "gaussian"),
                Latent = 4,
            },
            Objective = new ObjectiveSpec { Kind = Member.Complete(ObjectiveFamily.Members, new MemberSpec(name == "ae" ? "ae" : "vae")) },
        };
        Model = VaeModel.Create(Spec, image);
        Weights = new float[Model.Layout.Length];
        Model.Initialize(Weights, seed: 3, new float[image.Pixels]);
        Images = new float[Rows * image.Pixels];
        new RandomStream(1, RandomPurpose.Score, 0, 0).FillUniform(Images);
        Latents = new float[Rows * 4];
        new RandomStream(1, RandomPurpose.Score, 0, 1).FillNormal(Latents);

        using var engine = new ManagedEngine();
        using var runner = new ModelRunner(engine, Model, Weights, batch: 2);
        runner.Encode(Images, Means, LogVariances);
        Decoded = new float[Images.Length];
        runner.Decode(Latents, Decoded);
    }

    public static IEnumerable<object[]> Names => All.Keys.Select(name => new object[] { name });

    internal RunSpec Spec { get; }

    internal VaeModel Model { get; }

    internal float[] Weights { get; }

    internal float[] Images { get; }

    internal float[] Latents { get; }

    internal float[] Means { get; } = new float[Rows * 4];

    internal float[] LogVariances { get; } = new float[Rows * 4];

    internal float[] Decoded { get; }

    internal int[] ImageShape => [Rows, Model.Image.Channels, Model.Image.Height, Model.Image.Width];

    // Data is null because an export does not use it.
    internal TrainedRun Run(string folder) => new(Spec, new RunFolder(folder), Model, null!, Weights, Step: 12, Result: null);
}
