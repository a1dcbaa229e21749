using System.Diagnostics;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Torch.Benchmarks;

/// <summary>Times several pieces of work alternately, so that slow phases of the machine affect all of them equally.</summary>
internal static class Interleaved
{
    private const int Block = 10;

    /// <summary>Milliseconds of each piece: wall-clock time, and processor time, which other processes disturb less.</summary>
    /// <param name="rounds">Number of rounds of ten executions each.</param>
    /// <param name="settle">Waits for work queued on a device.</param>
    /// <param name="works">The pieces.</param>
    internal static (Percentiles Clock, Percentiles Processor)[] Milliseconds(int rounds, Action settle, params Action[] works)
    {
        var times = works.Select(_ => new List<double>()).ToArray();
        var processor = works.Select(_ => new List<double>()).ToArray();
        for (int round = -2; round < rounds; round++)
        {
            for (int i = 0; i < works.Length; i++)
            {
                settle();
                long start = Stopwatch.GetTimestamp();
                TimeSpan busy = Environment.CpuUsage.TotalTime;
                for (int go = 0; go < Block; go++) works[i]();
                settle();
                if (round < 0) continue;
                times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / Block);
                processor[i].Add((Environment.CpuUsage.TotalTime - busy).TotalMilliseconds / Block);
            }
        }

        return [.. times.Zip(processor, (clock, busy) => (Percentiles.Of([.. clock]), Percentiles.Of([.. busy])))];
    }
}
