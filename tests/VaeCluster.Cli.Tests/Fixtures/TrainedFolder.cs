namespace VaeCluster.Cli.Tests.Fixtures;

/// <summary>A tiny run on a few sprites, trained once for all tests of a class.</summary>
public sealed class TrainedFolder : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>The run folder.</summary>
    internal string Run => _folder["run"];

    /// <summary>The run file.</summary>
    internal string RunFile => _folder["run.yaml"];

    /// <summary>What training printed.</summary>
    internal Terminal Training { get; private set; } = new(-1, string.Empty, string.Empty);

    internal string this[string name] => _folder[name];

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(RunFile, Text);
        Training = await Terminal.RunAsync("train", RunFile, "--out", Run, "--workers", "2");
        Assert.True(Training.Code == 0, Training.Error);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A run of 12 steps on 72 sprites.</summary>
    internal const string Text =
        """
        name: tiny
        data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 16, y: 16 }, validation: 0.2 }
        model:      { architecture: mlp, hidden: [8], activation: relu, latent: 2, likelihood: bernoulli }
        objective:  { kind: beta-vae, beta: 2.0 }
        training:   { epochs: 3, batch: 8, shards: 2, optimizer: adam, learningRate: 0.001, seed: 1 }
        checkpoint: { everySteps: 4, keep: 2 }
        """;
}
