using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Tests.Fixtures;

namespace VaeCluster.Evaluation.Tests.Runners;

public sealed class ModelRunnerTests : IDisposable
{
    private readonly TinyImages _images = new(2, 2, training: 10, test: 4);
    private readonly LinearGaussian _linear;

    public ModelRunnerTests() => _linear = new LinearGaussian(_images.Spec);

    public void Dispose() => _images.Dispose();

    [Fact]
    public void A_row_does_not_depend_on_the_rest_of_its_batch()
    {
        using var engine = new ManagedEngine();
        using var runner = new ModelRunner(engine, _linear.Model, _linear.Weights(), batch: 8);
        float[] images = Random(21 * 4);
        float[] means = new float[21 * 2], logVariances = new float[21 * 2], decoded = new float[21 * 4];
        runner.Encode(images, means, logVariances);
        runner.Decode(means, decoded);
        for (int row = 0; row < 21; row++)
        {
            float[] mean = new float[2], logVariance = new float[2], image = new float[4];
            runner.Encode(images.AsSpan(row * 4, 4), mean, logVariance);
            runner.Decode(mean, image);
            Assert.Equal(means[(row * 2)..((row * 2) + 2)], mean);
            Assert.Equal(logVariances[(row * 2)..((row * 2) + 2)], logVariance);
            Assert.Equal(decoded[(row * 4)..((row * 4) + 4)], image);
        }
    }

    [Fact]
    public void Codes_match_the_formula()
    {
        using var runner = new ModelRunner(new ReferenceEngine(), _linear.Model, _linear.Weights());
        float[] image = [0.1f, 0.9f, 0.3f, 0.6f];
        float[] mean = new float[2], logVariance = new float[2];
        runner.Encode(image, mean, logVariance);
        for (int j = 0; j < 2; j++)
        {
            Assert.Equal(LinearGaussian.PosteriorMean(j, image), mean[j], 1e-5);
            Assert.Equal(Math.Log(LinearGaussian.PosteriorVariance(j)), logVariance[j], 1e-5);
        }
    }

    [Fact]
    public void Weights_of_another_model_are_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelRunner(new ReferenceEngine(), _linear.Model, new float[3]));

    private static float[] Random(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }
}
