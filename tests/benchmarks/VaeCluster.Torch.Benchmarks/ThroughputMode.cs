using System.CommandLine;
using System.Globalization;
using VaeCluster.Engine.Torch;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Torch.Benchmarks;

/// <summary><c>throughput</c>: examples a second by batch and precision, with and without channels side by side.</summary>
internal static class ThroughputMode
{
    private static readonly int[] Batches = [256, 512, 1024, 2048, 4096, 8192];

    internal static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cpu:N or cuda:N", DefaultValueFactory = _ => "cuda:0" };
        var rounds = new Option<int>("--rounds") { Description = "rounds of ten steps", DefaultValueFactory = _ => 5 };
        var precisions = new Option<TorchPrecision[]>("--precision")
        {
            Description = "float32, bfloat16 or tf32; a process has TF32 or has it not, so tf32 is a run of its own",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [TorchPrecision.Float32, TorchPrecision.BFloat16],
        };
        var largest = new Option<int>("--largest") { Description = "largest batch", DefaultValueFactory = _ => Batches[^1] };
        var ask = new Option<bool>("--ask")
        {
            Description = "answer each line 'MODEL BATCH' on standard input with milliseconds a step, in the first precision; for gpu.py",
        };
        var command = new Command("throughput", "Examples a second by batch and precision.") { device, rounds, precisions, largest, ask };
        command.SetAction(parsed =>
        {
            TorchDevice where = TorchDevice.Parse(parsed.GetValue(device)!);
            if (parsed.GetValue(ask))
            {
                Answer(TorchEngine.Create(where, parsed.GetValue(precisions)![0], 1, channelsLast: null));
                return;
            }

            foreach (TorchPrecision precision in parsed.GetValue(precisions)!)
                foreach (bool channelsLast in new[] { false, true })
                    Print(TorchEngine.Create(where, precision, 1, channelsLast), parsed.GetValue(rounds), parsed.GetValue(largest));
        });
        return command;
    }

    // Beside another program that is asked in turn, so that both see the same minutes of the machine.
    private static void Answer(TorchEngine engine)
    {
        Console.WriteLine(engine.Arithmetic);
        var steps = new Dictionary<string, EngineStep>(StringComparer.Ordinal);
        while (Console.ReadLine()?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string model, string batch])
        {
            if (!steps.TryGetValue($"{model} {batch}", out EngineStep? step))
            {
                Workload workload = Workload.All.First(workload => workload.Name == model);
                steps.Add($"{model} {batch}", step = new EngineStep(engine, workload, int.Parse(batch, CultureInfo.InvariantCulture), 1));
            }

            double[] times = [Interleaved.Milliseconds(3, () => { }, step.Run)[0].Clock.Median, Interleaved.Milliseconds(3, () => { }, step.Gradient)[0].Clock.Median];
            Console.WriteLine(string.Join(' ', times.Select(time => time.ToString("0.0000", CultureInfo.InvariantCulture))));
        }

        Console.Error.WriteLine(engine.Measure());
    }

    private static void Print(TorchEngine engine, int rounds, int largest)
    {
        Console.WriteLine($"{engine.Arithmetic}{(engine.ChannelsLast ? ", channels side by side" : string.Empty)}");
        foreach (Workload workload in Workload.All)
        {
            foreach (int batch in Batches.Where(batch => batch <= largest))
            {
                // The gradient is waited for at every step, so the host's clock is right.
                using var step = new EngineStep(engine, workload, batch, 1);
                double milliseconds = Interleaved.Milliseconds(rounds, () => { }, step.Run)[0].Clock.Median;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  {workload.Title}, batch {batch,4}: {milliseconds,9:0.000} ms, {batch / milliseconds * 1000,12:#,0} examples/s"));
            }
        }

        Console.WriteLine($"  {engine.Measure()}");
    }
}
