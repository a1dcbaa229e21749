using System.Diagnostics;
using System.Runtime.InteropServices;
using VaeCluster.Core.Optimizers;
using VaeCluster.Core.Random;
using VaeCluster.Core.Specs;
using VaeCluster.Data;
using VaeCluster.Models;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.InProcess;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Measuring;

/// <summary>Times the step that training does, from the order of examples to the updated weights, on images held in memory.</summary>
public static class StepMeasurement
{
    private const int FewestWarmUpSteps = 5;
    private const int FewestSteps = 3;
    private const int Images = 4096;
    private const int Generation = 1;

    /// <summary>Runs and times the steps.</summary>
    /// <param name="options">Which, and for how long.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <exception cref="Core.BadInputException">The batch does not fit shards or images.</exception>
    /// <exception cref="NotSupportedException">The engine lacks an operation of the model.</exception>
    public static StepTiming Run(StepMeasurementOptions options, CancellationToken cancellation)
    {
        int batch = options.Batch ?? options.Workload.Batch;
        RunSpec spec = options.Workload.Spec(batch, options.Shards);
        VaeModel model = VaeModel.Create(spec, options.Workload.Image);
        Split data = MakeImages(options.Workload, Math.Max(Images, batch));
        var cluster = new InProcessCluster(new InProcessOptions
        {
            Training = spec.Training,
            Model = model,
            Engine = options.Engine,
            Data = data,
            Workers = options.Workers,
            Threads = options.Threads,
            Ranges = options.Ranges,
        });
        var clock = new PhaseClock(cluster);
        try
        {
            Start(clock, model, spec);
            var coordinator = new Coordinator(
                spec, model.Objective, data.Count / batch, clock, Generation,
                new TrainingState { Step = 0, Updates = 0 }, TimeProvider.System);
            StepTiming timing = Time(coordinator, clock, options with { Batch = batch }, cancellation);
            return timing with { Flops = StepArithmetic.Flops(model.Training, batch) };
        }
        finally
        {
            Complete(clock.DisposeAsync());
        }
    }

    private static Split MakeImages(Workload workload, int count)
    {
        var pixels = new byte[(count * workload.Image.Pixels + 3) & ~3];
        new RandomStream(1, RandomPurpose.Binarization, 0, 0).FillBits(MemoryMarshal.Cast<byte, uint>(pixels.AsSpan()));
        return Split.InMemory(workload.Name, workload.Image, pixels[..(count * workload.Image.Pixels)]);
    }

    private static void Start(PhaseClock cluster, VaeModel model, RunSpec spec)
    {
        var weights = new float[model.Layout.Length];
        model.Initialize(weights, spec.Training.Seed, []);
        int moments = OptimizerFactory.Create(spec.Training).Moments;
        ReadOnlyMemory<float>[] zero = [.. Enumerable.Range(0, moments).Select(_ => new float[weights.Length].AsMemory())];
        Complete(cluster.RestoreAsync(Generation, 0, weights, zero, CancellationToken.None));
    }

    private static StepTiming Time(
        Coordinator coordinator, PhaseClock clock, StepMeasurementOptions options, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < FewestWarmUpSteps || Stopwatch.GetElapsedTime(started) < options.WarmUp; i++) Step(coordinator, cancellation);

        double[] whole = new double[options.Steps], gradient = new double[options.Steps], update = new double[options.Steps];
        int steps = 0;
        long allocated = 0, counted = GC.GetTotalAllocatedBytes(precise: true);
        started = Stopwatch.GetTimestamp();
        while (steps < options.Steps && (steps < FewestSteps || Stopwatch.GetElapsedTime(started) < options.Time))
        {
            // The first step of an epoch shuffles, once for hundreds of steps of real data; its allocation is not a step's.
            bool shuffles = coordinator.IsAtEndOfEpoch;
            if (shuffles) allocated += GC.GetTotalAllocatedBytes(precise: true) - counted;
            long before = Stopwatch.GetTimestamp();
            Step(coordinator, cancellation);
            whole[steps] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
            gradient[steps] = clock.Gradient;
            update[steps] = clock.Update;
            if (shuffles) counted = GC.GetTotalAllocatedBytes(precise: true);
            steps++;
        }

        allocated += GC.GetTotalAllocatedBytes(precise: true) - counted;
        return new StepTiming
        {
            Workload = options.Workload.Name,
            Batch = options.Batch!.Value,
            Shards = options.Shards,
            Threads = options.Threads,
            Workers = options.Workers,
            Steps = steps,
            Milliseconds = Percentiles.Of(whole.AsSpan(0, steps)),
            GradientMilliseconds = Percentiles.Of(gradient.AsSpan(0, steps)).Median,
            UpdateMilliseconds = Percentiles.Of(update.AsSpan(0, steps)).Median,
            AllocatedBytes = (double)allocated / steps,
            Flops = 0,
        };
    }

    // In one process every call has completed when it returns, so nothing is waited for and nothing is allocated.
    private static void Step(Coordinator coordinator, CancellationToken cancellation)
    {
        var step = coordinator.StepAsync(cancellation);
        if (step.IsCompletedSuccessfully) _ = step.Result;
        else step.AsTask().GetAwaiter().GetResult();
    }

    private static void Complete(ValueTask call) => call.AsTask().GetAwaiter().GetResult();
}
