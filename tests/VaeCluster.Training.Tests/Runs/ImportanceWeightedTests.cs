using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Engine.Managed;
using VaeCluster.Models;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Runs;

namespace VaeCluster.Training.Tests.Runs;

/// <summary>The importance-weighted bound of a trained model.</summary>
public sealed class ImportanceWeightedTests : IDisposable
{
    private const int Examples = 40, Latent = 2, Draws = 200;

    private readonly TrainingFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_bound_tightens_with_the_number_of_samples()
    {
        float[] weights = [];
        TrainingOptions options = TrainingFixture.Options(engine: () => new ManagedEngine()) with
        {
            Finishing = run => weights = run.Weights.ToArray(),
        };
        _fixture.Train("trained", options, _fixture.Spec(epochs: 30));
        double[] losses = [.. new[] { 1, 5, 50 }.Select(samples => Loss(weights, samples))];

        // −log p(x) ≤ L₅₀ ≤ L₅ ≤ L₁; over 8,000 draws the standard error is far below the margin asked for.
        Assert.True(losses[0] > losses[1] + 0.02 && losses[1] > losses[2] + 0.005, string.Join(", ", losses));
    }

    private double Loss(float[] weights, int samples)
    {
        RunSpec spec = _fixture.Spec($"objective.kind=iwae objective.samples={samples}");
        var data = Data.DataSplits.Open(spec.Data, spec.Training.Seed, spec.Evaluation.Seed);
        VaeModel model = VaeModel.Create(spec, data.Image);
        using var engine = new ManagedEngine();
        using IEngineWeights loaded = engine.CreateWeights(model.Layout);
        using IProgram program = loaded.Compile(model.Training, Examples, gradients: false);
        loaded.Load(weights);
        int pixels = data.Image.Pixels;
        for (int i = 0; i < Examples; i++) data.Train.Read(i, 1, program.Input(VaeModel.ImageInput).Slice(i * pixels, pixels));
        double sum = 0;
        for (uint draw = 0; draw < Draws; draw++)
        {
            int length = samples * Latent;
            for (int i = 0; i < Examples; i++)
                new RandomStream(7, RandomPurpose.LatentNoise, draw, (uint)i)
                    .FillNormal(program.Input(VaeModel.NoiseInput).Slice(i * length, length));
            program.Forward();
            foreach (float loss in program.Output("loss")) sum += loss;
        }

        return sum / (Draws * Examples);
    }
}
