using System.Runtime.CompilerServices;
using VaeCluster.Core.Specs;

namespace VaeCluster.Data;

/// <summary>
/// The datasets that are open in this process: runs over the same files share one copy in memory for as long as any of them lives.
/// Thread-safe.
/// </summary>
public sealed class DatasetCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<MemberSpec, (WeakReference<DatasetPair> Pair, string Stamp)> _open = [];
    private readonly ConditionalWeakTable<IDataset, Lazy<string>> _fingerprints = [];

    /// <summary>Opens a dataset, or returns it if it is already open and its files have not been replaced since.</summary>
    /// <param name="dataset">The dataset with its fields; paths must be absolute.</param>
    /// <exception cref="Core.BadInputException">See <see cref="Datasets.Open"/>.</exception>
    public DatasetPair Open(MemberSpec dataset)
    {
        lock (_lock)
        {
            string stamp = Datasets.Stamp(dataset);
            if (_open.TryGetValue(dataset, out var known) && known.Stamp == stamp
                && known.Pair.TryGetTarget(out DatasetPair? pair)) return pair;
            pair = Datasets.Open(dataset);
            _open[dataset] = (new WeakReference<DatasetPair>(pair), stamp);
            return pair;
        }
    }

    /// <summary>The fingerprint of a dataset, computed once.</summary>
    /// <param name="data">The dataset.</param>
    public string Fingerprint(IDataset data) => _fingerprints.GetValue(data, static key => new Lazy<string>(key.Fingerprint)).Value;
}
