using BenchmarkDotNet.Attributes;
using VaeCluster.Core.Numerics;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Parameters;
using VaeCluster.Core.Random;
using VaeCluster.Core.Reduction;
using VaeCluster.Core.Specs;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Benchmarks.Micro;

/// <summary>
/// Gradient summation and Adam compared with a copy that moves the same number of bytes. A sum reads two vectors and writes one, Adam
/// reads four and writes three: 12 and 28 bytes per element, the same as copies of 1.5 and 3.5 times the elements.
/// </summary>
[MemoryDiagnoser]
public class UpdateBenchmarks
{
    private static readonly MemberSpec AdamSpec = Workload.Mlp.Spec(Workload.Mlp.Batch, 4).Training.Optimizer;

    private readonly IOptimizer _adam = OptimizerFactory.Create(AdamSpec);
    private readonly UpdateStep _step = new(1f / 128, 1e-3f, 10);
    private float[] _weights = [], _gradient = [], _other = [], _moment1 = [], _moment2 = [], _from = [], _to = [];

    /// <summary>One block, a hidden layer, or the whole MLP.</summary>
    [Params(BlockPartition.BlockSize, 65_536, 651_224)]
    public int Elements { get; set; }

    internal static int ElementsOf(string level) => level switch { "block" => BlockPartition.BlockSize, "layer" => 65_536, _ => 651_224 };

    [GlobalSetup]
    public void Setup()
    {
        (_weights, _gradient, _other) = (Normal(0), Normal(1), Normal(2));
        (_moment1, _moment2, _from, _to) = (new float[Elements], new float[Elements], new float[4 * Elements], new float[4 * Elements]);
    }

    [Benchmark]
    public void TreeAdd() => GradientSum.Add(_gradient, _other);

    [Benchmark]
    public void CopyOfTreeAdd() => Copy(Elements * 3 / 2);

    [Benchmark]
    public void Adam() => _adam.Update(_weights, _gradient, new MomentSpans(_moment1, _moment2), _step);

    [Benchmark]
    public void CopyOfAdam() => Copy(Elements * 7 / 2);

    [Benchmark]
    public double SumOfSquares() => LaneSum.SumOfSquares(_gradient);

    private float[] Normal(uint example)
    {
        var values = GC.AllocateUninitializedArray<float>(Elements, pinned: true);
        new RandomStream(1, RandomPurpose.LatentNoise, 0, example).FillNormal(values);
        return values;
    }

    private void Copy(int count) => _from.AsSpan(0, count).CopyTo(_to);
}
