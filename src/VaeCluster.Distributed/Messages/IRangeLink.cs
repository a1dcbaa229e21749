using VaeCluster.Distributed.Membership;
using VaeCluster.Training.Checkpoints;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Messages;

/// <summary>
/// A range's parameter server as its coordinator sees it: calls are small, tensors travel beside them. An older generation than the newest
/// that the silo knows is refused with a <see cref="StaleGenerationException"/>; any other fault means that the range is lost.
/// </summary>
public interface IRangeLink
{
    /// <summary>Takes over the range; the weights and moments follow as tensors.</summary>
    /// <param name="opening">Which range of which run, and where its weights begin.</param>
    Task OpenAsync(RangeOpening opening);

    /// <summary>Completes when every restored tensor has arrived; the weights then go to the subscribers.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    Task CommitAsync(string run, int generation);

    /// <summary>From now on a silo gets every version of the weights, beginning with the current one.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="silo">Where that silo takes tensors.</param>
    Task SubscribeAsync(string run, int generation, SiloEndpoint silo);

    /// <summary>Completes when the range has the root of a step.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="step">The step: the one in progress or the next.</param>
    /// <param name="patience">After so long without the root the answer is null.</param>
    Task<RangeGradient?> AwaitAsync(string run, int generation, int step, TimeSpan patience);

    /// <summary>The shards of the step in progress that have not arrived.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="step">The number of the step, from 1.</param>
    Task<IReadOnlyList<int>> MissingAsync(string run, int generation, int step);

    /// <summary>
    /// Applies the decision and sends the new version to the subscribers; returns when it is applied, also where it has been before.
    /// </summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="decision">How the step is closed.</param>
    Task ApplyAsync(string run, UpdateDecision decision);

    /// <summary>Sends the range's weights to a silo that waits for a snapshot.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    /// <param name="step">Steps that the weights have seen.</param>
    /// <param name="silo">Where that silo takes tensors.</param>
    /// <param name="moments">Whether the moments are wanted too.</param>
    Task SendAsync(string run, int generation, int step, SiloEndpoint silo, bool moments);

    /// <summary>Lets go of the range.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="generation">The caller's generation.</param>
    Task CloseAsync(string run, int generation);
}
