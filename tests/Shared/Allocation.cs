namespace VaeCluster.Tests.Shared;

/// <summary>Measures what work allocates on the calling thread.</summary>
internal static class Allocation
{
    private const int Attempts = 5;

    /// <summary>
    /// The bytes that the work allocates: the least of a few attempts. A garbage collection that another test starts takes away the rest of
    /// this thread's allocation buffer, some kilobytes, and the runtime counts it as allocated; what the work allocates itself is counted
    /// in every attempt.
    /// </summary>
    /// <param name="work">The work, which has run before, so that nothing is allocated for the first time.</param>
    internal static long Of(Action work)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
