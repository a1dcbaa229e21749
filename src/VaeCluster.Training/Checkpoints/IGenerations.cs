namespace VaeCluster.Training.Checkpoints;

/// <summary>
/// The fence of a run: who took the newest generation is in charge, and nobody else. Where it is kept decides how far it reaches: a folder
/// fences the processes of one machine, a database row those of a cluster.
/// </summary>
public interface IGenerations
{
    /// <summary>Takes the next generation; of any number of callers at once each gets a number of its own.</summary>
    /// <param name="atLeast">A generation that the new one must exceed: the newest checkpoint's, should what keeps the number have been restored.</param>
    int Take(int atLeast);

    /// <summary>Throws where a newer generation exists: what follows belongs to that one.</summary>
    /// <param name="generation">The caller's own.</param>
    /// <exception cref="FencedException">The caller's generation is not the newest.</exception>
    void Demand(int generation);
}
