using VaeCluster.Core.Random;
using VaeCluster.Data;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Tests.Fixtures;
using VaeCluster.Models.Engines;
using VaeCluster.Training.Steps;

namespace VaeCluster.Evaluation.Tests.Bounds;

public sealed class SplitEvaluatorTests : IDisposable
{
    private readonly TinyImages _images = new(2, 2, training: 10, test: 53);
    private readonly LinearGaussian _linear;
    private readonly Split _test;

    public SplitEvaluatorTests()
    {
        _linear = new LinearGaussian(_images.Spec);
        _test = DataSplits.Open(_images.Spec, seed: 1, evaluationSeed: 0).Test!;
    }

    public void Dispose() => _images.Dispose();

    [Fact]
    public void The_terms_match_the_formulas_with_noise_from_seed_and_example_id()
    {
        const long Seed = 42;
        SplitScores scores = Score(new ReferenceEngine(), _linear.Weights(), new SplitEvaluatorOptions { Seed = Seed });

        double reconstruction = 0;
        double[] kl = [0, 0], means = [0, 0], squares = [0, 0];
        var pixels = new float[4];
        var noise = new float[2];
        for (int i = 0; i < _test.Count; i++)
        {
            _test.Read(i, 1, pixels);
            new RandomStream(Seed, RandomPurpose.LatentNoise, 0, (uint)_test.ExampleId(i)).FillNormal(noise);
            var z = new double[2];
            for (int j = 0; j < 2; j++)
            {
                double mean = LinearGaussian.PosteriorMean(j, pixels), variance = LinearGaussian.PosteriorVariance(j);
                z[j] = mean + (Math.Sqrt(variance) * noise[j]);
                kl[j] += 0.5 * ((mean * mean) + variance - Math.Log(variance) - 1) / _test.Count;
                means[j] += mean / _test.Count;
                squares[j] += mean * mean / _test.Count;
            }

            reconstruction -= LinearGaussian.LogLikelihood(pixels, z) / _test.Count;
        }

        Assert.Equal(53, scores.Examples);
        Assert.Equal(reconstruction, scores.Reconstruction, 1e-4);
        Assert.Equal(kl.Sum(), scores.Kl, 1e-4);
        Assert.Equal(-(reconstruction + kl.Sum()), scores.Elbo, 1e-4);
        for (int j = 0; j < 2; j++)
        {
            Assert.Equal(kl[j], scores.KlPerDimension[j], 1e-4);
            Assert.Equal(squares[j] - (means[j] * means[j]), scores.MeanVariances[j], 1e-4);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(3, 4)]
    [InlineData(8, 100)]
    public void The_result_does_not_depend_on_batch_size_or_threads(int threads, int batch)
    {
        using var engine = new ManagedEngine();
        float[] weights = _linear.Weights(shift: 0.3);
        SplitScores expected = Score(engine, weights, new SplitEvaluatorOptions { Batch = 53 });
        SplitScores scores = Score(engine, weights, new SplitEvaluatorOptions { Threads = threads, Batch = batch });
        Assert.Equal(expected.Reconstruction, scores.Reconstruction);
        Assert.Equal(expected.Kl, scores.Kl);
        Assert.Equal(expected.KlPerDimension, scores.KlPerDimension);
        Assert.Equal(expected.MeanVariances, scores.MeanVariances);
    }

    [Fact]
    public void A_dimension_with_constant_mean_is_not_active()
    {
        float[] weights = _linear.Weights();
        _linear.Model.Layout["encoder.0.weight"].Of(weights.AsSpan())[4..8].Clear();
        SplitScores scores = Score(new ReferenceEngine(), weights, new SplitEvaluatorOptions());
        Assert.Equal(1, scores.ActiveUnits);
        Assert.Equal(0, scores.MeanVariances[1], 12);
    }

    [Fact]
    public void Limit_evaluates_only_the_first_examples() =>
        Assert.Equal(5, Score(new ReferenceEngine(), _linear.Weights(), new SplitEvaluatorOptions { Limit = 5 }).Examples);

    [Fact]
    public void Evaluations_of_the_same_weights_are_equal_and_of_other_weights_differ()
    {
        using var evaluator = new SplitEvaluator(new ReferenceEngine(), _linear.Model, new SplitEvaluatorOptions());
        float[] weights = _linear.Weights();
        EvaluationRecord first = evaluator.Evaluate(weights, _test, 12, 3, CancellationToken.None);
        EvaluationRecord other = evaluator.Evaluate(_linear.Weights(shift: 1), _test, 13, 3, CancellationToken.None);
        EvaluationRecord again = evaluator.Evaluate(weights, _test, 12, 3, CancellationToken.None);
        Assert.Equal((12, 3, "test", 53), (first.Step, first.Epoch, first.Split, first.Examples));
        Assert.Equal(2, first.ActiveUnits);
        Assert.NotEqual(first.Elbo, other.Elbo);
        Assert.Equal(first.Elbo, again.Elbo);
    }

    [Fact]
    public void A_cancelled_evaluation_throws()
    {
        using var evaluator = new SplitEvaluator(new ReferenceEngine(), _linear.Model, new SplitEvaluatorOptions());
        Assert.ThrowsAny<OperationCanceledException>(
            () => evaluator.Evaluate(_linear.Weights(), _test, 1, 1, new CancellationToken(canceled: true)));
    }

    private SplitScores Score(IEngine engine, float[] weights, SplitEvaluatorOptions options)
    {
        using var evaluator = new SplitEvaluator(engine, _linear.Model, options);
        return evaluator.Score(weights, _test);
    }
}
