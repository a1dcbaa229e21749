using System.CommandLine;
using System.Globalization;
using VaeCluster.Core;
using VaeCluster.Engine.Torch;
using VaeCluster.Training.Measuring;
using static TorchSharp.torch;

namespace VaeCluster.Torch.Benchmarks;

/// <summary><c>bare</c>: the engine beside a bare TorchSharp loop of the same model, the price of shards, and what is not libtorch's.</summary>
internal static class BareMode
{
    private static readonly int[] Shards = [1, 2, 4, 8, 16];

    internal static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cpu:N or cuda:N", DefaultValueFactory = _ => "cpu:0" };
        var rounds = new Option<int>("--rounds") { Description = "rounds of ten steps of each", DefaultValueFactory = _ => 20 };
        var command = new Command("bare", "The engine's step beside a bare TorchSharp loop, interleaved.") { device, rounds };
        command.SetAction(parsed =>
        {
            using TorchEngine engine = TorchEngine.Create(parsed.GetValue(device)!);
            Console.WriteLine(engine.Arithmetic);
            foreach (Workload workload in Workload.All) Compare(engine, workload, parsed.GetValue(rounds));
            Overhead(engine, parsed.GetValue(rounds));
        });
        return command;
    }

    private static void Compare(TorchEngine engine, Workload workload, int rounds)
    {
        int batch = workload.Batch;
        var where = new Device(engine.Device.IsCuda ? $"cuda:{engine.Device.Index}" : "cpu");
        void Settle()
        {
            if (engine.Device.IsCuda) cuda.synchronize(where);
        }

        // The engine first: it fixes threads and the allocator, for the bare loop too.
        EngineStep[] steps = [.. Shards.Select(shards => new EngineStep(engine, workload, batch, shards))];
        steps[0].Gradient();
        using var bare = new BareStep(workload, batch, where);
        Percentiles[] times = Interleaved.Milliseconds(
            rounds, Settle, [bare.Run, bare.Gradient, steps[0].Run, .. steps.Select(step => (Action)step.Gradient)]);

        Print($"{workload.Title}, batch {batch}");
        Print($"  bare step      {times[0].Median,8:0.000} ms   gradient {times[1].Median,8:0.000} ms");
        Print($"  engine step    {times[2].Median,8:0.000} ms   gradient {times[3].Median,8:0.000} ms");
        Print($"  bare / engine  step {times[0].Median / times[2].Median:0.000}   gradient {times[1].Median / times[3].Median:0.000}");
        for (int i = 1; i < Shards.Length; i++)
            Print($"  {Shards[i],2} shards      gradient {times[3 + i].Median,8:0.000} ms   {times[3 + i].Median / times[3].Median:0.00} of one shard's");
        foreach (EngineStep step in steps) step.Dispose();
    }

    // The same graph with sizes of one makes the same calls: what it takes bounds what a step spends outside libtorch's kernels, and most of it is
    // libtorch's own dispatch.
    private static void Overhead(TorchEngine engine, int rounds)
    {
        var tiny = new Workload("tiny", "MLP 1-1-1", new ImageShape(1, 1, 1), 1, "{ architecture: mlp, hidden: [1], latent: 1, likelihood: bernoulli }");
        using var step = new EngineStep(engine, tiny, 1, 1);
        Percentiles time = Interleaved.Milliseconds(10 * rounds, () => { }, step.Gradient)[0];
        Print($"{tiny.Title}, batch 1: gradient {time.Median:0.000} ms, an upper bound of what is not arithmetic");
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
