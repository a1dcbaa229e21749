using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Grains.Runs;

/// <summary>Descriptions of what a store lists, runs or sweeps.</summary>
internal static class Listing
{
    /// <summary>Describes them side by side; one that is deleted between the list and its description is left out.</summary>
    /// <typeparam name="T">A description.</typeparam>
    /// <param name="listed">What the store has listed.</param>
    /// <param name="describe">Describes one.</param>
    internal static async Task<T[]> DescribeAsync<T>(IEnumerable<StoredRun> listed, Func<StoredRun, Task<T>> describe)
        where T : class
    {
        T?[] found = await Task.WhenAll(listed.Select(FindAsync));
        return [.. found.OfType<T>()];

        async Task<T?> FindAsync(StoredRun stored)
        {
            try
            {
                return await describe(stored);
            }
            catch (RunRefusedException fault) when (fault.Reason == RunRefusal.NotFound)
            {
                return null;
            }
        }
    }
}
