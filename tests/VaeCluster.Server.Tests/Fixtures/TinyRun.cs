using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Server.Tests.Fixtures;

/// <summary>A run of 12 steps on 72 sprites.</summary>
internal static class TinyRun
{
    internal const int Steps = 12;

    internal const string Text =
        """
        name: tiny
        data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 16, y: 16 }, validation: 0.2 }
        model:      { architecture: mlp, hidden: [8], activation: relu, latent: 2, likelihood: bernoulli }
        objective:  { kind: beta-vae, beta: 2.0 }
        training:   { epochs: 3, batch: 8, shards: 2, optimizer: adam, learningRate: 0.001, seed: 1 }
        checkpoint: { everySteps: 4, keep: 2 }
        """;

    internal const string Sweep =
        """
        name: tiny-sweep
        base:
          data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 16, y: 16 }, validation: 0.2 }
          model:      { architecture: mlp, hidden: [8], activation: relu, latent: 2, likelihood: bernoulli }
          objective:  { kind: beta-vae }
          training:   { epochs: 3, batch: 8, shards: 2, optimizer: adam, learningRate: 0.001, seed: 1 }
        space:
          objective.beta: [1, 4]
          model.latent: [2, 3]
        search: { kind: grid }
        objective: elbo
        """;

    /// <summary>The result of `train` for a run file, without a server.</summary>
    internal static RunResult Train(string text, TempFolder folder, params string[] overrides)
    {
        RunSpec spec = RunFile.Parse(text, "run.yaml", folder.Path, overrides, folder.Path, RunVocabulary.All);
        return TrainingRun.Prepare(spec, folder["trained"], force: true, TrainingSetup.Options(() => new ManagedEngine())).Execute();
    }
}
