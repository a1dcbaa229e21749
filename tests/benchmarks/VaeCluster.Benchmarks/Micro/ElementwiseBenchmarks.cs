using BenchmarkDotNet.Attributes;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Random;

namespace VaeCluster.Benchmarks.Micro;

/// <summary>Elementwise functions and random numbers over the pixels of a batch.</summary>
[MemoryDiagnoser]
public class ElementwiseBenchmarks
{
    private const int Elements = 784 * 128;

    private readonly float[] _x = new float[Elements], _y = new float[Elements];
    private readonly RandomStream _stream = new(1, RandomPurpose.LatentNoise, 0, 0);

    [GlobalSetup]
    public void Setup() => _stream.FillNormal(_x);

    [Benchmark]
    public void Exp() => VectorMath.Exp(_x, _y);

    [Benchmark]
    public void Tanh() => VectorMath.Tanh(_x, _y);

    [Benchmark]
    public void Sigmoid() => VectorMath.Sigmoid(_x, _y);

    [Benchmark]
    public void Softplus() => VectorMath.Softplus(_x, _y);

    [Benchmark]
    public float Sum() => LaneSum.Sum(_x);

    [Benchmark]
    public void Uniform() => _stream.FillUniform(_y);

    [Benchmark]
    public void Normal() => _stream.FillNormal(_y);
}
