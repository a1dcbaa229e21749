using System.Collections.Concurrent;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.Store;

/// <summary>
/// Caches the list entries of runs that are not in progress until one of their files changes, since pages request lists all the time.
/// </summary>
internal sealed class RunListCache
{
    // More than one page of the list. Entries beyond this are read again each time.
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, (long Stamp, StoredRun State, RunInfo Info)> _known = [];

    /// <summary>Describes a run without run file and result.</summary>
    /// <param name="run">The run.</param>
    /// <param name="state">Its stored state.</param>
    internal RunInfo Describe(RunFolder run, StoredRun state)
    {
        long stamp = StampOf(run);
        if (_known.TryGetValue(run.Path, out var known) && known.Stamp == stamp && IsSame(known.State, state)) return known.Info;
        RunInfo info = RunCatalog.Describe(run, state, step: null, whole: false);
        if (_known.Count >= Most) _known.Clear();
        _known[run.Path] = (stamp, state, info);
        return info;
    }

    // Leave out the notes: they are lists, which compare by reference, and change only with the version.
    private static bool IsSame(StoredRun one, StoredRun other) =>
        (one.Version, one.State, one.Submitted) == (other.Version, other.State, other.Submitted);

    private static long StampOf(RunFolder run)
    {
        var hash = new HashCode();
        foreach (string path in new[] { run.SpecPath, run.ResultPath, run.MetricsPath })
        {
            var file = new FileInfo(path);
            hash.Add(file.Exists ? (file.LastWriteTimeUtc, file.Length) : default);
        }

        return hash.ToHashCode();
    }
}
