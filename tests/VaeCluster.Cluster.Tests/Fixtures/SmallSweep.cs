using System.Text.Json;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Sweeps of small networks on rendered sprites: they need no data files.</summary>
public static class SmallSweep
{
    /// <summary>A sweep of twelve trials, three at a time.</summary>
    public const string Text = """
        name: grid
        base:
          data:       { dataset: dsprites, strides: { shape: 1, scale: 2, orientation: 8, x: 8, y: 8 }, validation: 0.1 }
          model:      { architecture: mlp, hidden: [16], latent: 4, likelihood: bernoulli }
          objective:  { kind: beta-vae, beta: 2 }
          training:   { epochs: 4, batch: 32, shards: 4, optimizer: adam, learningRate: 0.003, clipNorm: 100, seed: 5 }
          checkpoint: { everySteps: 25, keep: 2 }
        space:
          objective.beta: [1, 2, 4]
          model.latent: [2, 3]
        seeds: [1, 2]
        parallel: 3

        """;

    /// <summary>The SHA-256 of the final weights of each trial when trained in one process.</summary>
    /// <param name="text">The sweep file.</param>
    /// <param name="overrides">Overrides of the file.</param>
    public static async Task<string[]> WeightsAsync(string text, params string[] overrides)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["sweep.yaml"], text);
        string[] arguments = ["sweep", "sweep.yaml", "--out", "sweep", .. overrides.SelectMany(value => new[] { "--set", value })];
        (await ProgramProcess.RunAsync("vaecluster.dll", folder.Path, arguments)).Succeeded();
        using JsonDocument summary = JsonDocument.Parse(await File.ReadAllTextAsync(folder["sweep", "summary.json"]));
        return [.. summary.RootElement.GetProperty("trials").EnumerateArray()
            .Select(trial => trial.GetProperty("weightsSha256").GetString()!)];
    }
}
