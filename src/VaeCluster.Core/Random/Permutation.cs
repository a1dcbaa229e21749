namespace VaeCluster.Core.Random;

/// <summary>Random permutations that are pure functions of (seed, purpose, time).</summary>
public static class Permutation
{
    /// <summary>
    /// Fills a span with a uniformly random permutation of 0 … length − 1 (Fisher–Yates from the end, with unbiased draws).
    /// </summary>
    /// <param name="order">Receives the permutation.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="purpose">What the permutation is for.</param>
    /// <param name="time">The epoch, for a shuffle.</param>
    public static void Fill(Span<int> order, long seed, RandomPurpose purpose, uint time)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;

        var draws = new RandomSequence(new RandomStream(seed, purpose, time, Example: 0));
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = draws.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
