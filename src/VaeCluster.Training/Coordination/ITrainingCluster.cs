using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Coordination;

/// <summary>
/// What the coordinator needs of the place where workers and parameter servers live: one process, or an Orleans cluster. In one process
/// every call completes before it returns.
/// </summary>
public interface ITrainingCluster : IAsyncDisposable
{
    /// <summary>What its workers compute with; null: what the session's own engine does, or nobody has said yet.</summary>
    string? Arithmetic => null;

    /// <summary>Every range takes over weights and moments, and refuses older generations from now on.</summary>
    /// <param name="generation">The new generation.</param>
    /// <param name="step">Steps that the weights have seen.</param>
    /// <param name="weights">The flat vector.</param>
    /// <param name="moments">The optimiser's moments, each as long as the weights.</param>
    /// <param name="cancellation">Ends the call early.</param>
    ValueTask RestoreAsync(
        int generation, int step, ReadOnlyMemory<float> weights, IReadOnlyList<ReadOnlyMemory<float>> moments,
        CancellationToken cancellation);

    /// <summary>
    /// Computes a step's gradient: assigns shards to workers, and again where workers are lost, until every range has its root.
    /// </summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="cancellation">Ends the call early; nothing has changed then.</param>
    ValueTask<StepGradient> ComputeAsync(StepPlan plan, CancellationToken cancellation);

    /// <summary>Every range applies the decision, and the new version is handed to the workers.</summary>
    /// <param name="decision">How the step is closed.</param>
    /// <param name="next">
    /// The step that follows, most likely at once: workers may begin with it. Null: nobody knows when one follows.
    /// </param>
    /// <param name="cancellation">Not between the first range and the last.</param>
    ValueTask ApplyAsync(UpdateDecision decision, StepPlan? next, CancellationToken cancellation);

    /// <summary>Copies weights and moments between two steps.</summary>
    /// <param name="weights">Receives the flat vector.</param>
    /// <param name="moments">Receives the moments; empty where they are not wanted.</param>
    /// <param name="cancellation">Ends the call early.</param>
    ValueTask SnapshotAsync(Memory<float> weights, IReadOnlyList<Memory<float>> moments, CancellationToken cancellation);

    /// <summary>Which shards of a step are not finite, and what is in them. Called only when a step's gradient is not finite.</summary>
    /// <param name="plan">The step: its number, epoch and generation.</param>
    /// <param name="cancellation">Ends the call early.</param>
    ValueTask<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(StepPlan plan, CancellationToken cancellation);
}
