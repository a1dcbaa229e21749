using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Tests.Laws;

/// <summary>A run on 72 sprites with 4 steps per epoch, its result in `train`, and helpers that wait for a service.</summary>
internal static class LawRun
{
    internal const int StepsPerEpoch = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2), Pause = TimeSpan.FromMilliseconds(20);

    internal static string Text(int epochs = 3, int seed = 1) => FormattableString.Invariant($$"""
        name: law
        data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 16, y: 16 }, validation: 0.2 }
        model:      { architecture: mlp, hidden: [8], activation: relu, latent: 2, likelihood: bernoulli }
        objective:  { kind: beta-vae, beta: 2.0 }
        training:   { epochs: {{epochs}}, batch: 8, shards: 2, optimizer: adam, learningRate: 0.001, seed: {{seed}} }
        checkpoint: { everySteps: 50, keep: 2 }
        evaluation: { everyEpochs: 0 }
        """);

    internal static string Sweep(int epochs, string rest) =>
        $"name: law\nbase:\n{string.Join('\n', Text(epochs).Split('\n').Skip(1).Select(line => $"  {line}"))}\n{rest}\n";

    /// <summary>Trains in a folder like `train`; optionally stops after a step, with a checkpoint.</summary>
    internal static RunResult? Train(string text, string folder, int? stopAt = null, string[]? overrides = null,
        StartingWeights? from = null)
    {
        RunSpec spec = RunFile.Parse(text, "run.yaml", Path.GetTempPath(), overrides ?? [], Path.GetTempPath(), RunVocabulary.All);
        using var stop = new CancellationTokenSource();
        TrainingOptions options = TrainingSetup.Options(() => new ManagedEngine()) with { BeforeNode = (_, step, _) => End(step) };
        try
        {
            return TrainingRun.Prepare(spec, folder, force: false, options, from).Execute(stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        void End(int step)
        {
            if (step == stopAt) stop.Cancel();
        }
    }

    internal static string Weights(string text, string folder, params string[] overrides) =>
        Train(text, folder, null, overrides)!.WeightsSha256;

    internal static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            T found = await look();
            if (wanted(found)) return found;
            if (limit.IsCancellationRequested) throw new TimeoutException($"{found}");
            await Task.Delay(Pause);
        }
    }

    internal static async Task<List<MetricsLine>> LinesAsync(IAsyncEnumerable<MetricsLine> lines)
    {
        var found = new List<MetricsLine>();
        await foreach (MetricsLine line in lines) found.Add(line with { Json = line.Json.ToArray() });
        return found;
    }
}
