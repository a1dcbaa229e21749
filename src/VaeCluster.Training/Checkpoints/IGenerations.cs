namespace VaeCluster.Training.Checkpoints;

/// <summary>
/// The generations of a run: who took the newest is in charge, and nobody else (a fencing token). Where the number is kept decides how far
/// it reaches: a folder keeps apart the processes of one machine, a database row those of a cluster.
/// </summary>
public interface IGenerations
{
    /// <summary>Takes the next generation; of any number of callers at once each gets a number of its own.</summary>
    /// <param name="atLeast">
    /// A generation that the new one must exceed: the newest checkpoint's, should what keeps the number have been restored.
    /// </param>
    int Take(int atLeast);

    /// <summary>Throws where a newer generation exists: what follows belongs to that one.</summary>
    /// <param name="generation">The caller's own.</param>
    /// <exception cref="StaleGenerationException">The caller's generation is not the newest.</exception>
    void Demand(int generation);
}
