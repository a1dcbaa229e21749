using System.Numerics;
using VaeCluster.Engine.Managed;
using VaeCluster.Engine.Managed.Measuring;
using VaeCluster.Models;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Cli.Benchmarks;

/// <summary>Measures this machine: its peak, the products of a step, and the step itself at one thread up to all cores.</summary>
/// <param name="Threads">Threads at most.</param>
/// <param name="Time">About how long all of it may take.</param>
internal sealed record MachineBench(int Threads, TimeSpan Time)
{
    private const int FewestShards = 4;

    /// <summary>Runs it.</summary>
    /// <param name="cancellation">Stops between two steps.</param>
    internal BenchResult Run(CancellationToken cancellation)
    {
        // A tenth of the time for the peak and the products; the rows of steps share the rest, a quarter of each to warm up.
        ProductShape[] shapes = [.. Shapes()];
        TimeSpan each = Time / 10 / (shapes.Length + 1);
        double peak = PeakProbe.Flops / Repetition.Seconds(PeakProbe.Run, each).P10;
        var products = new List<ProductRow>();
        foreach (ProductShape shape in shapes)
        {
            cancellation.ThrowIfCancellationRequested();
            products.Add(Measure(shape, peak, each));
        }

        int[] threads = [.. ThreadCounts()];
        TimeSpan row = Time * 0.9 / (threads.Length * Workload.All.Count);
        using var engine = new ManagedEngine();
        var steps = new List<StepRow>();
        foreach (Workload work in Workload.All)
            foreach (int count in threads) steps.Add(Measure(work, engine, count, peak, row, cancellation));
        return new BenchResult(engine.Arithmetic, Environment.ProcessorCount, peak / 1e9, products, steps);
    }

    private static IEnumerable<ProductShape> Shapes()
    {
        Workload work = Workload.Mlp;
        VaeModel model = VaeModel.Create(work.Spec(work.Batch, FewestShards), work.Image);
        return StepArithmetic.DenseLayers(model.Training, work.Batch)
            .SelectMany(layer => ProductShape.OfLayer(layer.Outputs, layer.Inputs, layer.Examples, FewestShards, layer.InputGradient));
    }

    private static ProductRow Measure(ProductShape shape, double peak, TimeSpan time)
    {
        using var probe = new ProductProbe(shape);
        double rate = shape.Flops / Repetition.Seconds(probe.Run, time).Median;
        string kind = shape.Kind switch
        {
            ProductKind.Forward => "forward",
            ProductKind.WeightGradient => "weight gradient",
            _ => "input gradient",
        };
        return new ProductRow(kind, shape.M, shape.N, shape.K, rate / 1e9, rate / peak);
    }

    private static StepRow Measure(Workload work, ManagedEngine engine, int threads, double peak, TimeSpan time,
        CancellationToken cancellation)
    {
        // Threads beyond the shards would idle, so there are as many shards as that takes.
        int shards = Math.Max(FewestShards, (int)BitOperations.RoundUpToPowerOf2((uint)threads));
        StepTiming timing = StepMeasurement.Run(
            new StepMeasurementOptions
            {
                Workload = work,
                Engine = engine,
                Shards = shards,
                Threads = threads,
                Time = time * 0.75,
                WarmUp = time * 0.25,
            },
            cancellation);
        return new StepRow(
            work.Name, timing.Batch, shards, threads, timing.Milliseconds.Median, timing.Milliseconds.P90, timing.SamplesPerSecond,
            timing.ShareOfPeak(peak), timing.AllocatedBytes);
    }

    // 1, 2, 4, … and all; never more than there could be shards.
    private IEnumerable<int> ThreadCounts()
    {
        int most = Math.Min(Threads, Workload.All.Min(work => work.Batch));
        for (int count = 1; count < most; count *= 2) yield return count;
        yield return most;
    }
}
