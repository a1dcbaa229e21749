using System.CommandLine;
using System.Globalization;
using VaeCluster.Engine.Torch;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Torch.Benchmarks;

/// <summary><c>throughput</c>: examples per second by batch and precision, with and without the channels-last layout.</summary>
internal static class ThroughputMode
{
    private static readonly int[] Batches = [256, 512, 1024, 2048, 4096, 8192];

    internal static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cpu:N or cuda:N", DefaultValueFactory = _ => "cuda:0" };
        var rounds = new Option<int>("--rounds") { Description = "number of rounds of ten steps", DefaultValueFactory = _ => 5 };
        var precisions = new Option<TorchPrecision[]>("--precision")
        {
            Description = "float32, bfloat16 or tf32; TF32 is a process-wide setting, so tf32 cannot be combined with others",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [TorchPrecision.Float32, TorchPrecision.BFloat16],
        };
        var largest = new Option<int>("--largest") { Description = "largest batch", DefaultValueFactory = _ => Batches[^1] };
        var ask = new Option<bool>("--ask")
        {
            Description = "answer each input line 'MODEL BATCH' with milliseconds per step, in the first precision; for gpu.py",
        };
        var command = new Command("throughput", "Examples per second by batch and precision.") { device, rounds, precisions, largest, ask };
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

    // gpu.py alternates requests between this and another program, so that both run under the same conditions.
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

            double Median(Action work) => Interleaved.Milliseconds(3, () => { }, work)[0].Clock.Median;
            double[] times = [Median(step.Run), Median(step.Gradient)];
            Console.WriteLine(string.Join(' ', times.Select(time => time.ToString("0.0000", CultureInfo.InvariantCulture))));
        }

        Console.Error.WriteLine(engine.Measure());
    }

    private static void Print(TorchEngine engine, int rounds, int largest)
    {
        Console.WriteLine($"{engine.Arithmetic}{(engine.ChannelsLast ? ", channels last" : string.Empty)}");
        foreach (Workload workload in Workload.All)
        {
            foreach (int batch in Batches.Where(batch => batch <= largest))
            {
                // Every step waits for the gradient, so wall-clock time is correct.
                using var step = new EngineStep(engine, workload, batch, 1);
                double milliseconds = Interleaved.Milliseconds(rounds, () => { }, step.Run)[0].Clock.Median;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {workload.Title}, batch {batch,4}: {milliseconds,9:0.000} ms, {batch / milliseconds * 1000,12:#,0} examples/s"));
            }
        }

        Console.WriteLine($"  {engine.Measure()}");
    }
}
