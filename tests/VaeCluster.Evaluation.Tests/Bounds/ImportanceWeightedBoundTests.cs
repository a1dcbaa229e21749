using VaeCluster.Core;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Bounds;
using VaeCluster.Evaluation.Tests.Fixtures;
using VaeCluster.Models;

namespace VaeCluster.Evaluation.Tests.Bounds;

public sealed class ImportanceWeightedBoundTests : IDisposable
{
    private readonly TinyImages _images = new(2, 2, training: 10, test: 40);
    private readonly LinearGaussian _linear;
    private readonly Split _test;
    private readonly double _exact;

    public ImportanceWeightedBoundTests()
    {
        _linear = new LinearGaussian(_images.Spec);
        _test = DataSplits.Open(_images.Spec, seed: 1, evaluationSeed: 0).Test!;
        var pixels = new float[4];
        for (int i = 0; i < _test.Count; i++)
        {
            _test.Read(i, 1, pixels);
            _exact -= LinearGaussian.LogProbability(pixels) / _test.Count;
        }
    }

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(250)]
    public void Equals_the_likelihood_for_every_K_if_the_posterior_is_exact(int samples)
    {
        ImportanceWeightedScore score = Estimate(_linear.Weights(), samples);
        Assert.Equal(_exact, score.NegativeLogLikelihood, 1e-4);
        Assert.Equal((40, samples), (score.Examples, score.Samples));
    }

    [Fact]
    public void With_an_inexact_posterior_the_bound_is_loose_and_tightens_with_K()
    {
        float[] weights = _linear.Weights(shift: 0.5, varianceFactor: 2);
        double one = Estimate(weights, 1).NegativeLogLikelihood;
        double ten = Estimate(weights, 10).NegativeLogLikelihood;
        double many = Estimate(weights, 1000).NegativeLogLikelihood;
        Assert.True(one > ten && ten > many, $"{one}, {ten}, {many}");
        Assert.True(one > _exact + 0.3);
        Assert.InRange(many - _exact, -0.01, 0.03);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    public void A_mixture_whose_Gaussians_are_N_0_I_gives_the_same_bound(int samples)
    {
        RunSpec spec = _linear.Spec with
        {
            Model = _linear.Spec.Model with { Prior = new MemberSpec("mixture", new Dictionary<string, object> { ["components"] = 3L }) },
        };
        VaeModel model = VaeModel.Create(spec, _linear.Model.Image);
        float[] plain = _linear.Weights(shift: 0.5, varianceFactor: 2), weights = new float[model.Layout.Length];
        plain.CopyTo(weights, 0);
        using var engine = new ManagedEngine();
        var options = new ImportanceWeightedOptions { Samples = samples, Limit = null, Threads = 2 };
        ImportanceWeightedScore score = ImportanceWeightedBound.Estimate(engine, model, weights, _test, options);
        Assert.Equal(Estimate(plain, samples).NegativeLogLikelihood, score.NegativeLogLikelihood, 1e-4);

        using var evaluator = new SplitEvaluator(engine, model, new SplitEvaluatorOptions());
        SplitScores scores = evaluator.Score(weights, _test);
        Assert.True(scores.IsKlEstimated);
        Assert.All(scores.KlPerDimension, value => Assert.True(double.IsNaN(value)));
        using var closed = new SplitEvaluator(engine, _linear.Model, new SplitEvaluatorOptions());
        SplitScores exact = closed.Score(plain, _test);
        Assert.False(exact.IsKlEstimated);
        Assert.Equal(exact.Reconstruction, scores.Reconstruction, 1e-4);

        // One sample of each of 40 examples.
        Assert.Equal(exact.Kl, scores.Kl, 0.5);
    }

    [Theory]
    [InlineData("planar")]
    [InlineData("iaf")]
    public void With_a_flow_for_posterior_many_samples_find_the_exact_likelihood(string posterior)
    {
        RunSpec spec = _linear.Spec with
        {
            Model = _linear.Spec.Model with { Posterior = new MemberSpec(posterior, new Dictionary<string, object> { ["steps"] = 2L }) },
        };
        VaeModel model = VaeModel.Create(spec, _linear.Model.Image);
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, 3, []);

        // Decoder and the Gaussian are known; the encoder's other outputs and the steps stay as they begin.
        float[] known = _linear.Weights(shift: 0.5, varianceFactor: 2);
        foreach (ParameterSlice slice in _linear.Model.Layout.Slices)
            slice.Of(known.AsSpan()).CopyTo(model.Layout[slice.Name].Of(weights.AsSpan()));
        using var engine = new ManagedEngine();
        double few = Score(1), many = Score(1500);
        Assert.True(few > _exact + 0.2, $"{few} is too near {_exact} to show anything");
        Assert.InRange(many - _exact, -0.05, 0.1);

        double Score(int samples) => ImportanceWeightedBound.Estimate(
            engine, model, weights, _test, new ImportanceWeightedOptions { Samples = samples, Limit = null, Threads = 2 }).NegativeLogLikelihood;
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads()
    {
        float[] weights = _linear.Weights(shift: 0.5);
        using var engine = new ManagedEngine();
        double alone = Estimate(engine, weights, new ImportanceWeightedOptions { Samples = 120, Threads = 1 }).NegativeLogLikelihood;
        double together = Estimate(engine, weights, new ImportanceWeightedOptions { Samples = 120, Threads = 3 }).NegativeLogLikelihood;
        Assert.Equal(alone, together);
        Assert.NotEqual(alone, Estimate(engine, weights, new ImportanceWeightedOptions { Samples = 120, Seed = 1 }).NegativeLogLikelihood);
    }

    [Fact]
    public void The_managed_engine_agrees_with_the_oracle()
    {
        float[] weights = _linear.Weights(shift: 0.5, varianceFactor: 2);
        using var engine = new ManagedEngine();
        var options = new ImportanceWeightedOptions { Samples = 30 };
        Assert.Equal(Estimate(
            new ReferenceEngine(), weights, options).NegativeLogLikelihood, Estimate(engine, weights, options).NegativeLogLikelihood, 1e-4);
    }

    [Fact]
    public void Limit_evaluates_only_the_first_examples()
    {
        var options = new ImportanceWeightedOptions { Samples = 1, Limit = 3 };
        ImportanceWeightedScore score = Estimate(new ReferenceEngine(), _linear.Weights(), options);
        double exact = 0;
        var pixels = new float[4];
        for (int i = 0; i < 3; i++)
        {
            _test.Read(i, 1, pixels);
            exact -= LinearGaussian.LogProbability(pixels) / 3;
        }

        Assert.Equal(exact, score.NegativeLogLikelihood, 1e-4);
        Assert.True(score.StandardError > 0);
    }

    [Fact]
    public void A_plain_autoencoder_is_rejected()
    {
        RunSpec spec = _linear.Spec with { Objective = new ObjectiveSpec { Kind = new MemberSpec("ae") } };
        VaeModel model = VaeModel.Create(spec, new ImageShape(1, 2, 2));
        using var engine = new ReferenceEngine();
        var error = Assert.Throws<BadInputException>(() =>
            ImportanceWeightedBound.Estimate(engine, model, new float[model.Layout.Length], _test, new ImportanceWeightedOptions()));
        Assert.Contains("objective.kind is 'ae'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0.0, 0.0 }, 0.0)]
    [InlineData(new[] { -1000.0, -1000.0 }, -1000.0)]
    [InlineData(new[] { 5000.0 }, 5000.0)]
    [InlineData(new[] { double.NegativeInfinity, 0.0 }, -0.6931471805599453)]
    [InlineData(new[] { double.NegativeInfinity, double.NegativeInfinity }, double.NegativeInfinity)]
    [InlineData(new[] { double.NaN, 0.0 }, double.NaN)]
    public void LogMeanExp_neither_overflows_nor_underflows(double[] values, double expected) =>
        Assert.Equal(expected, ImportanceWeightedBound.LogMeanExp(values), 12);

    private ImportanceWeightedScore Estimate(float[] weights, int samples) =>
        Estimate(new ReferenceEngine(), weights, new ImportanceWeightedOptions { Samples = samples });

    private ImportanceWeightedScore Estimate(Models.Engines.IEngine engine, float[] weights, ImportanceWeightedOptions options) =>
        ImportanceWeightedBound.Estimate(engine, _linear.Model, weights, _test, options);
}
