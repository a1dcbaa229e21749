using System.Text;
using VaeCluster.Evaluation.Reports.Metrics;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;
using VaeCluster.Training.Steps;

namespace VaeCluster.Fuzz.Targets;

/// <summary>The log of a run, through every reader of its lines; after a repair all lines are of metrics, each once and in order.</summary>
internal sealed class MetricsTarget : FuzzTarget
{
    public override string Name => "metrics";

    public override int Longest => 1 << 12;

    public override int Inputs => 5_000;

    public override IReadOnlyList<byte[]> Seeds { get; } = [Write()];

    public override IReadOnlyList<string> Words =>
        ["{", "}", "[", "\n", "\"kind\":", "\"step\":", "\"split\":", "\\ud800", "\\\"", "null", "\0", "1e999", "\"klPerDimension\":[", "{\"\\ud800\":1}\n"];

    public override bool IsRefusal(Exception fault) => false;

    public override void Run(byte[] input)
    {
        string path = Put("metrics.jsonl", input);
        using (var tail = new MetricsTail(path, MetricsPosition.Start))
            while (tail.TryRead(out MetricsLine line)) _ = line.Kind;
        _ = MetricsSearch.LastLine(path);
        using (var reader = new StringReader(Encoding.UTF8.GetString(input))) _ = MetricsReader.Read(reader);
        _ = new CurveReader(path).Read(10);
        _ = MetricsFile.CutBack(path, 4).Describe();
        if (MetricsFile.CutBack(path, 4) is { Unreadable: > 0 } or { Doubled: > 0 }) throw new InvalidOperationException("the repair left damage");
    }

    private static byte[] Write()
    {
        string path = Path.Combine(Path.GetTempPath(), $"vaecluster-fuzz-{Guid.NewGuid():N}.jsonl");
        using (var log = new MetricsLog(path, TimeProvider.System))
        {
            for (int step = 1; step <= 6; step++)
            {
                log.Write(new StepRecord
                {
                    Step = step,
                    Epoch = 1,
                    Loss = 1.5,
                    Reconstruction = 1,
                    Kl = 0.5,
                    Beta = 1,
                    LearningRate = 0.1,
                    GradientNorm = 2,
                    SamplesPerSecond = 100,
                    Skipped = step == 5,
                });
                if (step % 3 == 0) log.Write(new EpochRecord(step, step / 3, 1.5, 1, 0.5, 100));
            }
        }

        byte[] lines = File.ReadAllBytes(path);
        File.Delete(path);
        return lines;
    }
}
