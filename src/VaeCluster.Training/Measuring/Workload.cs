using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Measuring;

/// <summary>A model whose step is measured, on images made up for it.</summary>
/// <param name="Name">The word for it on command lines.</param>
/// <param name="Title">What it is, for a table.</param>
/// <param name="Image">Size of the images.</param>
/// <param name="Batch">Its customary batch.</param>
/// <param name="ModelSection">The <c>model</c> section of its run file.</param>
public sealed record Workload(string Name, string Title, ImageShape Image, int Batch, string ModelSection)
{
    /// <summary>The 784-400-20 VAE of every tutorial.</summary>
    public static Workload Mlp { get; } = new(
        "mlp", "MLP 784-400-20", new ImageShape(1, 28, 28), 128, "{ architecture: mlp, hidden: [400], latent: 20, likelihood: bernoulli }");

    /// <summary>The convolutional VAE of Burgess et al., 64×64.</summary>
    public static Workload Burgess { get; } = new(
        "burgess", "Burgess conv 64×64", new ImageShape(1, 64, 64), 64, "{ architecture: burgess, latent: 10, likelihood: bernoulli }");

    /// <summary>A small residual network on colour images of 64×64; tests/benchmarks/resnet.py has the same in PyTorch.</summary>
    public static Workload ResNet { get; } = new(
        "resnet", "ResNet 16-32-64, colour 64×64", new ImageShape(3, 64, 64), 64,
        "{ architecture: resnet, channels: [16, 32, 64], stem: 2, latent: 10, likelihood: bernoulli }");

    /// <summary>Those that <c>bench</c> measures.</summary>
    public static IReadOnlyList<Workload> All { get; } = [Mlp, Burgess];

    /// <summary>The run that is measured: Adam at its defaults, more epochs than anyone waits for.</summary>
    /// <param name="batch">Examples of a step.</param>
    /// <param name="shards">Logical shards, a power of two that divides the batch.</param>
    /// <exception cref="BadInputException">The batch cannot be cut so.</exception>
    public RunSpec Spec(int batch, int shards)
    {
        string text = FormattableString.Invariant($$"""
            name: {{Name}}
            data: { dataset: dsprites }
            model: {{ModelSection}}
            objective: { kind: vae }
            training: { epochs: 1000000, batch: {{batch}}, shards: {{shards}}, optimizer: adam, seed: 1 }
            """);
        return RunFile.Parse(text, $"benchmark {Name}", Path.GetTempPath(), [], Path.GetTempPath(), RunVocabulary.All);
    }
}
