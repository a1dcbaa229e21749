using System.Diagnostics;
using VaeCluster.Training.Measuring;

namespace VaeCluster.Torch.Benchmarks;

/// <summary>Times several pieces of work in turn, so that a slow minute of the machine hits all of them alike.</summary>
internal static class Interleaved
{
    private const int Block = 10;

    /// <summary>Milliseconds of each piece: by the clock, and of processor time, which other processes disturb less.</summary>
    /// <param name="rounds">Rounds of ten goes of each.</param>
    /// <param name="settle">Waits for what is queued on a device.</param>
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
