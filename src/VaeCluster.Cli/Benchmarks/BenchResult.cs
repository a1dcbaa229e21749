using System.Globalization;
using System.Text;
using System.Text.Json;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Cli.Benchmarks;

/// <summary>What this machine can do.</summary>
/// <param name="Engine">The engine's arithmetic.</param>
/// <param name="Cores">Processors that the process may use.</param>
/// <param name="PeakGigaflopsPerSecond">Fused multiply-adds on registers alone, one thread.</param>
/// <param name="Products">Matrix products of the MLP's step.</param>
/// <param name="Steps">Steps of every model at several numbers of threads.</param>
internal sealed record BenchResult(
    string Engine, int Cores, double PeakGigaflopsPerSecond, IReadOnlyList<ProductRow> Products, IReadOnlyList<StepRow> Steps)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>One JSON object.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Two tables for a person.</summary>
    internal string ToText()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"{Cores} cores; one thread can do {PeakGigaflopsPerSecond:0} GFLOP/s at most");
        Line($"");
        Line($"{"matrix products, 1 thread",-32} {"m×n×k",14} {"GFLOP/s",9} {"of peak",9}");
        foreach (ProductRow row in Products)
            Line($"{row.Kind,-32} {$"{row.M}×{row.N}×{row.K}",14} {row.GigaflopsPerSecond,9:0} {row.ShareOfPeak,9:P0}");
        Line($"");
        Line($"{"training step",-20} {"batch",5} {"shards",6} {"threads",7} {"median ms",10} {"p90 ms",9} {"examples/s",11} {"of peak",8} {"bytes allocated",15}");
        foreach (StepRow row in Steps)
        {
            Line($"{Title(row),-20} {row.Batch,5} {row.Shards,6} {row.Threads,7} {row.MedianMilliseconds,10:0.00} {row.P90Milliseconds,9:0.00} {row.SamplesPerSecond,11:#,0} {row.ShareOfPeak,8:P0} {row.AllocatedBytes,15:0}");
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Title(StepRow row) => Workload.All.First(work => work.Name == row.Model).Title;
}
