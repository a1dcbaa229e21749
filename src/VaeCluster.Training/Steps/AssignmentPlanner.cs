namespace VaeCluster.Training.Steps;

/// <summary>
/// Decides who computes which shards. Any plan gives the same bits; a good one gives each worker few, aligned, equally many.
/// </summary>
public static class AssignmentPlanner
{
    /// <summary>Deals shards to workers in runs, as equal as they can be, so that neighbours in the tree tend to stay together.</summary>
    /// <param name="shards">The shards to deal, ascending.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <returns>For each worker its shards; those beyond the number of shards get none.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Deal(IReadOnlyList<int> shards, int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var dealt = new IReadOnlyList<int>[workers];
        for (int worker = 0; worker < workers; worker++)
        {
            int first = (int)((long)shards.Count * worker / workers);
            int end = (int)((long)shards.Count * (worker + 1) / workers);
            dealt[worker] = [.. shards.Skip(first).Take(end - first)];
        }

        // With more workers than shards the rounding above would leave gaps between busy workers; idle ones belong at the end.
        return workers > shards.Count ? [.. dealt.OrderBy(mine => mine.Count == 0 ? 1 : 0)] : dealt;
    }

    /// <summary>Share of the workers' time that is used when all are equally fast: shards / (workers × largest share).</summary>
    /// <param name="shards">Shards of a batch.</param>
    /// <param name="workers">Workers that share them.</param>
    public static double Efficiency(int shards, int workers)
    {
        int largest = (shards + workers - 1) / workers;
        return (double)shards / ((double)workers * largest);
    }
}
