using System.CommandLine;
using System.Globalization;
using VaeCluster.Engine.Managed;
using VaeCluster.Engine.Managed.Measuring;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>step</c>: a training step on images in memory.</summary>
internal static class StepMode
{
    internal static Command Create()
    {
        var model = new Option<string>("--model") { Description = "mlp, burgess or resnet", DefaultValueFactory = _ => Workload.Mlp.Name };
        Workload[] workloads = [.. Workload.All, Workload.ResNet];
        model.AcceptOnlyFromAmong([.. workloads.Select(work => work.Name)]);
        var batch = new Option<int?>("--batch") { Description = "batch size; default: the usual one for the model" };
        var shards = new Option<int>("--shards") { Description = "logical shards", DefaultValueFactory = _ => 4 };
        var threads = new Option<int>("--threads") { Description = "number of threads", DefaultValueFactory = _ => 1 };
        var workers = new Option<int>("--workers") { Description = "number of workers that share a batch", DefaultValueFactory = _ => 1 };
        var steps = new Option<int>("--steps") { Description = "number of timed steps", DefaultValueFactory = _ => 300 };
        var json = new Option<bool>("--json") { Description = "print one JSON object" };
        var command = new Command("step", "Time a training step.") { model, batch, shards, threads, workers, steps, json };
        command.SetAction(parsed =>
        {
            using var engine = new ManagedEngine();
            StepTiming timing = StepMeasurement.Run(
                new StepMeasurementOptions
                {
                    Workload = workloads.First(work => work.Name == parsed.GetValue(model)),
                    Engine = engine,
                    Batch = parsed.GetValue(batch),
                    Shards = parsed.GetValue(shards),
                    Threads = parsed.GetValue(threads),
                    Workers = parsed.GetValue(workers),
                    Steps = parsed.GetValue(steps),
                },
                CancellationToken.None);
            if (parsed.GetValue(json)) Json.Print(timing);
            else Print(timing);
        });
        return command;
    }

    private static void Print(StepTiming timing)
    {
        double peak = PeakProbe.Flops / Repetition.Seconds(PeakProbe.Run, TimeSpan.FromSeconds(0.3)).P10;
        (double p10, double median, double p90) = timing.Milliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {timing.Workload}: batch {timing.Batch}, {timing.Shards} shards, {timing.Threads} threads, {timing.Workers} workers,
            {timing.Steps} steps
            median {median:0.000} ms   p10 {p10:0.000}   p90 {p90:0.000}   {timing.SamplesPerSecond:#,0} examples/s
            gradient {timing.GradientMilliseconds:0.000} ms   update {timing.UpdateMilliseconds:0.000} ms
            arithmetic {timing.ArithmeticMilliseconds(peak):0.000} ms at {peak / 1e9:0} GFLOP/s per thread ({timing.ShareOfPeak(peak):P0})
            allocated {timing.AllocatedBytes:0.#} bytes per step
            """));
    }
}
