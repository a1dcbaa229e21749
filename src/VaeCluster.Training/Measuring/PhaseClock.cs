using System.Diagnostics;
using VaeCluster.Training.Coordination;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Measuring;

/// <summary>Passes every call on and keeps the time of the last one of each kind.</summary>
/// <param name="cluster">Does the work; it is disposed of with this.</param>
internal sealed class PhaseClock(ITrainingCluster cluster) : ITrainingCluster
{
    /// <summary>Milliseconds of the last gradient.</summary>
    internal double Gradient { get; private set; }

    /// <summary>Milliseconds of the last update.</summary>
    internal double Update { get; private set; }

    /// <inheritdoc/>
    public ValueTask RestoreAsync(
        int generation, int step, ReadOnlyMemory<float> weights, IReadOnlyList<ReadOnlyMemory<float>> moments,
        CancellationToken cancellation) =>
        cluster.RestoreAsync(generation, step, weights, moments, cancellation);

    /// <inheritdoc/>
    public async ValueTask<StepGradient> ComputeAsync(StepPlan plan, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        StepGradient gradient = await cluster.ComputeAsync(plan, cancellation).ConfigureAwait(false);
        Gradient = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return gradient;
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(UpdateDecision decision, StepPlan? next, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        await cluster.ApplyAsync(decision, next, cancellation).ConfigureAwait(false);
        Update = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <inheritdoc/>
    public ValueTask SnapshotAsync(Memory<float> weights, IReadOnlyList<Memory<float>> moments, CancellationToken cancellation) =>
        cluster.SnapshotAsync(weights, moments, cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(StepPlan plan, CancellationToken cancellation) =>
        cluster.FindNonFiniteAsync(plan, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
