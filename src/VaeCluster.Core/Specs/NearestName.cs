namespace VaeCluster.Core.Specs;

/// <summary>Suggests the name that a user probably meant.</summary>
public static class NearestName
{
    /// <summary>A hint such as <c>; did you mean 'latent'?</c>, or an empty string if no name is close.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">The names that exist.</param>
    public static string Hint(string name, IEnumerable<string> candidates) =>
        Find(name, candidates) is string near ? $"; did you mean '{near}'?" : string.Empty;

    /// <summary>The candidate with the smallest edit distance, if that is at most 2 or a third of the name's length.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="candidates">The names that exist.</param>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        // A name of hundreds of letters is not a typing error, and comparing it is slow.
        if (name.Length > 100) return null;
        (string? near, int distance) = candidates
            .Select(candidate => ((string?)candidate, Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .DefaultIfEmpty((null, int.MaxValue))
            .MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, name.Length / 3) && distance < name.Length ? near : null;
    }

    // Edits are insertion, deletion, replacement and the swap of two neighbours, the most common typing error.
    private static int Distance(string from, string to)
    {
        var distance = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++) distance[i, 0] = i;
        for (int j = 0; j <= to.Length; j++) distance[0, j] = j;
        for (int i = 1; i <= from.Length; i++)
        {
            for (int j = 1; j <= to.Length; j++)
            {
                int best = distance[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                best = Math.Min(best, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                distance[i, j] = best;
            }
        }

        return distance[from.Length, to.Length];
    }
}
