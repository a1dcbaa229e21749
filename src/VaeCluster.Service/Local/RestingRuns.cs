using System.Collections.Concurrent;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Local;

/// <summary>What is said in lists of runs that are not in progress, remembered until one of their files changes: pages ask for lists all the time.</summary>
internal sealed class RestingRuns
{
    // More than a page of the list; whatever is beyond is read anew.
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, (long Stamp, RunInfo Info)> _known = [];

    /// <summary>Describes a run without run file and result.</summary>
    /// <param name="run">The run.</param>
    internal RunInfo Describe(RunFolder run)
    {
        long stamp = StampOf(run);
        if (_known.TryGetValue(run.Path, out (long Stamp, RunInfo Info) known) && known.Stamp == stamp) return known.Info;
        RunInfo info = RunDescription.Of(run, null, whole: false);
        if (_known.Count >= Most) _known.Clear();
        _known[run.Path] = (stamp, info);
        return info;
    }

    private static long StampOf(RunFolder run)
    {
        var hash = new HashCode();
        foreach (string path in new[] { run.SpecPath, run.ResultPath, run.MetricsPath, Path.Combine(run.Path, RunRecord.FileName) })
        {
            var file = new FileInfo(path);
            hash.Add(file.Exists ? (file.LastWriteTimeUtc, file.Length) : default);
        }

        return hash.ToHashCode();
    }
}
