using BenchmarkDotNet.Attributes;
using VaeCluster.Core.Random;
using VaeCluster.Engine.Managed.Likelihoods;
using VaeCluster.Engine.Managed.Memory;

namespace VaeCluster.Benchmarks.Micro;

/// <summary>Work on the pixels of a batch of 128 other than matrix products: transposition and the Bernoulli likelihood.</summary>
[MemoryDiagnoser]
public unsafe class LayoutBenchmarks
{
    private const int Examples = 128, Pixels = 784;

    private Arena _arena = new();
    private float* _rows;
    private Value _image = null!, _logits = null!, _result = null!;
    private BernoulliStep _likelihood = null!;

    [GlobalSetup]
    public void Setup()
    {
        _rows = _arena.Reserve(Examples * Pixels);
        new RandomStream(1, RandomPurpose.LatentNoise, 0, 0).FillUniform(new Span<float>(_rows, Examples * Pixels));
        (_image, _logits, _result) = (MakeValue(Pixels), MakeValue(Pixels), MakeValue(1));
        _likelihood = new BernoulliStep(_logits, _image, _result);
        Transpose();
        new Span<float>(_result.Gradient, Examples).Fill(-1f);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _arena.Dispose();
        _arena = new Arena();
    }

    [Benchmark]
    public void Transpose() => Transposition.Run(_rows, Pixels, Examples, Pixels, _image.Data, Examples);

    [Benchmark]
    public void TransposeBack() => Transposition.Run(_image.Data, Examples, Pixels, Examples, _rows, Pixels);

    [Benchmark]
    public void LikelihoodAndItsGradient() => _likelihood.Forward();

    private Value MakeValue(int size) => new()
    {
        Size = size,
        PerExample = true,
        Stride = Examples,
        GradientLength = size * Examples,
        Data = _arena.Reserve((long)size * Examples),
        Gradient = _arena.Reserve((long)size * Examples),
    };
}
