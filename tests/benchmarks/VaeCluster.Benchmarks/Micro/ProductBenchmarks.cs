using BenchmarkDotNet.Attributes;
using VaeCluster.Engine.Managed.Measuring;

namespace VaeCluster.Benchmarks.Micro;

/// <summary>The matrix products of the MLP's widest layer at batch 128.</summary>
[MemoryDiagnoser]
public class ProductBenchmarks
{
    private ProductProbe? _probe;

    [Params(ProductKind.Forward, ProductKind.WeightGradient, ProductKind.InputGradient)]
    public ProductKind Kind { get; set; }

    [Params(1, 4, 16)]
    public int Shards { get; set; }

    [GlobalSetup]
    public void Setup() => _probe = new ProductProbe(new ProductShape(Kind, 784, 400, 128, Shards));

    [GlobalCleanup]
    public void Cleanup() => _probe?.Dispose();

    [Benchmark]
    public void Product() => _probe!.Run();
}
