using System.CommandLine;
using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Engine.Torch;
using VaeCluster.Training.Measuring;
using static TorchSharp.torch;

namespace VaeCluster.Torch.Benchmarks;

/// <summary>
/// <c>bare</c>: the engine compared with a plain TorchSharp loop of the same model, the cost of shards, and the overhead outside libtorch.
/// </summary>
internal static class BareMode
{
    internal static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cpu:N or cuda:N", DefaultValueFactory = _ => "cpu:0" };
        var rounds = new Option<int>("--rounds") { Description = "number of rounds of ten steps each", DefaultValueFactory = _ => 20 };
        var model = new Option<string?>("--model") { Description = "mlp or burgess; default: both" };
        var shards = new Option<int[]>("--shards")
        {
            Description = "numbers of shards to measure; the first must be 1",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, 2, 4, 8, 16],
        };
        var command =
            new Command("bare", "Compare the engine's step with a plain TorchSharp loop, interleaved.") { device, rounds, model, shards };
        command.SetAction(parsed =>
        {
            using TorchEngine engine = TorchEngine.Create(parsed.GetValue(device)!);
            Console.WriteLine(engine.Arithmetic);
            foreach (Workload workload in Workload.All.Where(workload => parsed.GetValue(model) is not { } name || workload.Name == name))
                Compare(engine, workload, parsed.GetValue(rounds), parsed.GetValue(shards)!);
            Overhead(engine, parsed.GetValue(rounds));
        });
        return command;
    }

    private static void Compare(TorchEngine engine, Workload workload, int rounds, int[] cuts)
    {
        int batch = workload.Batch;
        var where = new Device(engine.Device.IsCuda ? $"cuda:{engine.Device.Index}" : "cpu");
        void Settle()
        {
            if (engine.Device.IsCuda) cuda.synchronize(where);
        }

        // The engine first, because it sets threads and the allocator for the plain loop too.
        EngineStep[] steps = [.. cuts.Select(shards => new EngineStep(engine, workload, batch, shards))];
        steps[0].Gradient();
        using var bare = new BareStep(workload, batch, where);
        (Percentiles Clock, Percentiles Processor)[] times = Interleaved.Milliseconds(
            rounds, Settle, [bare.Run, bare.Gradient, steps[0].Run, .. steps.Select(step => (Action)step.Gradient)]);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{workload.Title}, batch {batch}; median milliseconds by the clock and of the processor"));
        string[] names = ["bare step", "bare gradient", "engine step", .. cuts.Select(shards => $"engine gradient, {shards} shards")];
        for (int i = 0; i < times.Length; i++)
        {
            double clock = times[i].Clock.Median, busy = times[i].Processor.Median;
            (Percentiles otherClock, Percentiles otherBusy) = times[i is 0 or 2 ? 0 : 1];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {names[i],-27} {clock,8:0.000} {busy,8:0.000}   "
                + $"speed relative to bare {otherClock.Median / clock:0.000} {otherBusy.Median / busy:0.000}"));
        }

        foreach (EngineStep step in steps) step.Dispose();
    }

    // The same graph with all sizes 1 makes the same calls, so its time is an upper bound on the time of a step outside libtorch's kernels;
    // most of it is libtorch's dispatch.
    private static void Overhead(TorchEngine engine, int rounds)
    {
        var tiny = new Workload(
            "tiny", "MLP 1-1-1", new ImageShape(1, 1, 1), 1, "{ architecture: mlp, hidden: [1], latent: 1, likelihood: bernoulli }");
        using var step = new EngineStep(engine, tiny, 1, 1);
        Percentiles time = Interleaved.Milliseconds(10 * rounds, () => { }, step.Gradient)[0].Clock;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{tiny.Title}, batch 1: gradient {time.Median:0.000} ms (p10 {time.P10:0.000}), an upper bound of what is not arithmetic"));
    }
}
