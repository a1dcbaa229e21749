using VaeCluster.Core;

namespace VaeCluster.Training.Service;

/// <summary>
/// Everything that the API offers about runs. The embedded edition implements it in this process, the cluster edition on grains; the HTTP
/// layer knows neither. Ids are those of <see cref="RunInfo.Id"/>; an unknown one is a <see cref="RunRefusedException"/>.
/// </summary>
public interface IRunService
{
    /// <summary>Checks a run and queues it. Nothing is kept of a run that is refused.</summary>
    /// <param name="submission">The run file and how to execute it.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The run file or its data cannot be used.</exception>
    /// <exception cref="RunRefusedException">The run names data that submitted runs may not read.</exception>
    Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation);

    /// <summary>Runs, newest first, without their run files and results.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">The id that the page before ended with; null: the first page.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation);

    /// <summary>One run with its run file, and its result once it has one.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunInfo> ShowAsync(string id, CancellationToken cancellation);

    /// <summary>Stops a run; where it has begun, after the step in progress and with a checkpoint. A run that is stopping already stays so.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is not in progress.</exception>
    Task<RunInfo> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>Queues a run to go on from its newest whole checkpoint. A finished run stays as it is.</summary>
    /// <param name="id">The run.</param>
    /// <param name="workers">Workers from now on; null: as before.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is in progress.</exception>
    Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation);

    /// <summary>
    /// The lines of a run's metrics after a position, then those that come, each once and in order; ends when the run is no longer in progress
    /// and every line was given. Reads from disk as fast as the caller takes the lines, and keeps none of them.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last line that the caller has.</param>
    /// <param name="cancellation">Ends the sequence early.</param>
    IAsyncEnumerable<MetricsLine> FollowAsync(string id, MetricsPosition after, CancellationToken cancellation);

    /// <summary>Opens a file that the run has written, to be read; null where it has not written it yet.</summary>
    /// <param name="id">The run.</param>
    /// <param name="file">Which one.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation);

    /// <summary>Whether runs can be taken; null: yes, else the reason in one line.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<string?> WhyNotReadyAsync(CancellationToken cancellation);
}
