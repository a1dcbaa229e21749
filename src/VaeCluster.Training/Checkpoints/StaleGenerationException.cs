namespace VaeCluster.Training.Checkpoints;

/// <summary>A newer incarnation is in charge of the run; this one may neither publish nor prune nor finish.</summary>
/// <param name="generation">The incarnation that was refused.</param>
/// <param name="newest">The one in charge.</param>
public sealed class StaleGenerationException(int generation, int newest)
    : Exception($"generation {generation} of this run has been replaced by generation {newest}; nothing was written")
{
    /// <summary>The incarnation that was refused.</summary>
    public int Generation { get; } = generation;

    /// <summary>The one in charge.</summary>
    public int Newest { get; } = newest;
}
