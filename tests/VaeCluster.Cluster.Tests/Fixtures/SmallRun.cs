using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>
/// A run that needs no data files and takes a second: a small network on rendered sprites, with 4 shards and 20 steps per epoch.
/// </summary>
public static class SmallRun
{
    /// <summary>Steps of an epoch.</summary>
    public const int StepsPerEpoch = 20;

    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Weights = [];

    /// <summary>The run file.</summary>
    /// <param name="epochs">Epochs.</param>
    public static string Text(int epochs) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: small
        data:       { dataset: dsprites, strides: { shape: 1, scale: 2, orientation: 8, x: 8, y: 8 }, validation: 0.1 }
        model:      { architecture: mlp, hidden: [16], latent: 4, likelihood: bernoulli }
        objective:  { kind: beta-vae, beta: 2 }
        training:   { epochs: {{epochs}}, batch: 32, shards: 4, optimizer: adam, learningRate: 0.003, clipNorm: 100, seed: 5 }
        checkpoint: { everySteps: 25, keep: 2 }
        evaluation: { everyEpochs: 0 }
        """);

    /// <summary>The same with an objective that couples the examples of a batch, and with averaged weights.</summary>
    /// <param name="epochs">Epochs.</param>
    public static string Coupled(int epochs) =>
        Text(epochs).Replace("kind: beta-vae, beta: 2", "kind: capacity, gamma: 50, to: 4", StringComparison.Ordinal)
        .Replace("seed: 5", "seed: 5, average: ema", StringComparison.Ordinal);

    /// <summary>The SHA-256 of the final weights when trained in one process.</summary>
    /// <param name="epochs">Epochs.</param>
    public static Task<string> WeightsAsync(int epochs) => WeightsAsync(Text(epochs));

    /// <summary>The SHA-256 of the final weights when trained in one process.</summary>
    /// <param name="text">The run file.</param>
    public static Task<string> WeightsAsync(string text) =>
        Weights.GetOrAdd(text, static run => new Lazy<Task<string>>(() => TrainAsync(run))).Value;

    private static async Task<string> TrainAsync(string text)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["run.yaml"], text);
        (await ProgramProcess.RunAsync("vaecluster.dll", folder.Path, "train", "run.yaml", "--out", "run")).Succeeded();
        using JsonDocument result = JsonDocument.Parse(await File.ReadAllTextAsync(folder["run", "result.json"]));
        return result.RootElement.GetProperty("weightsSha256").GetString()!;
    }
}
