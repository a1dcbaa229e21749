using System.CommandLine;
using System.Globalization;
using VaeCluster.Engine.Managed.Measuring;
using VaeCluster.Models;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Benchmarks.Modes;

/// <summary><c>products</c>: each matrix product of a step on one thread, and the peak of the machine.</summary>
internal static class ProductsMode
{
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "print one JSON object per line" };
        var seconds = new Option<double>("--seconds") { Description = "seconds to measure each product", DefaultValueFactory = _ => 0.3 };
        var command = new Command("products", "Time the matrix products of a step on one thread.") { json, seconds };
        command.SetAction(parsed =>
        {
            TimeSpan time = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            double peak = PeakProbe.Flops / Repetition.Seconds(PeakProbe.Run, time).P10 / 1e9;
            if (parsed.GetValue(json)) Json.Print(new { Peak = peak });
            else Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak of one thread: {peak:0} GFLOP/s"));
            foreach (Workload work in Workload.All)
                foreach (ProductShape shape in ShapesOf(work)) Measure(work, shape, peak, time, parsed.GetValue(json));
        });
        return command;
    }

    private static IEnumerable<ProductShape> ShapesOf(Workload work)
    {
        const int Shards = 4;
        VaeModel model = VaeModel.Create(work.Spec(work.Batch, Shards), work.Image);
        return StepArithmetic.DenseLayers(model.Training, work.Batch)
            .SelectMany(layer => ProductShape.OfLayer(layer.Outputs, layer.Inputs, layer.Examples, Shards, layer.InputGradient));
    }

    private static void Measure(Workload work, ProductShape shape, double peak, TimeSpan time, bool json)
    {
        using var probe = new ProductProbe(shape);
        double rate = shape.Flops / Repetition.Seconds(probe.Run, time).Median / 1e9;
        string kind = shape.Kind.ToString();
        if (json) Json.Print(new { Workload = work.Name, Kind = kind, shape.M, shape.N, shape.K, shape.Flops, GigaflopsPerSecond = rate });
        else
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{work.Name,-8} {kind,-15} {shape,-14} {rate,6:0.0} GFLOP/s {rate / peak,5:P0} of the peak"));
    }
}
