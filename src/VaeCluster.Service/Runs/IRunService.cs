using VaeCluster.Core;
using VaeCluster.Service.Pictures;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Service.Runs;

/// <summary>
/// Everything that the API offers about runs. It is the same on every host, and also what clients of a cluster call; the HTTP
/// layer knows neither. Ids are those of <see cref="RunInfo.Id"/>; an unknown one is a <see cref="RunRefusedException"/>.
/// </summary>
public interface IRunService
{
    /// <summary>Checks a run and queues it. Nothing is kept of a run that is refused.</summary>
    /// <param name="submission">The run file and how to execute it.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The run file or its data cannot be used.</exception>
    /// <exception cref="RunRefusedException">The run names data that submitted runs may not read, or the key is that of a
    /// sweep.</exception>
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

    /// <summary>Stops a run; where it has begun, after the step in progress and with a checkpoint. A run that is stopping already stays
    /// so.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is not in progress.</exception>
    Task<RunInfo> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>As <see cref="CancelAsync"/>, for a run that is meant to go on later: it is listed as paused.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is not in progress.</exception>
    Task<RunInfo> PauseAsync(string id, CancellationToken cancellation);

    /// <summary>Removes a run with all that it has written, for good.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is in progress.</exception>
    Task DeleteAsync(string id, CancellationToken cancellation);

    /// <summary>Queues a run to go on from its newest whole checkpoint. A finished run stays as it is.</summary>
    /// <param name="id">The run.</param>
    /// <param name="workers">Workers from now on; null: as before.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is in progress.</exception>
    Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation);

    /// <summary>
    /// The lines of a run's metrics after a position, then those that come, each once and in order; ends when the run is no longer in
    /// progress and every line was given. Reads from disk as fast as the caller takes the lines, and keeps none of them.
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

    /// <summary>A run's metrics in few points, the lowest and highest of every stretch among them.</summary>
    /// <param name="id">The run.</param>
    /// <param name="points">At most so many a curve, at least 4.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation);

    /// <summary>What a page needs to know of a run's model.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run has no weights yet.</exception>
    Task<RunModel> InspectAsync(string id, CancellationToken cancellation);

    /// <summary>A picture of a run's model: with live weights where they are at hand, else with those of the newest whole
    /// checkpoint.</summary>
    /// <param name="id">The run.</param>
    /// <param name="request">What to draw.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The request does not fit the model.</exception>
    /// <exception cref="RunRefusedException">The run has no weights yet, or too many pictures are asked for at once.</exception>
    Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation);

    /// <summary>The code of an example of the split that the model is judged on.</summary>
    /// <param name="id">The run.</param>
    /// <param name="example">The example, from 0.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">There is no such example.</exception>
    Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation);

    /// <summary>The workers of a run in progress and what they have done in the last steps; nobody where it is not in progress.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation);

    /// <summary>The checkpoints of a run, newest first.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation);

    /// <summary>Opens a file of a checkpoint, to be read.</summary>
    /// <param name="id">The run.</param>
    /// <param name="checkpoint">The checkpoint's name.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">There is no such file.</exception>
    Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation);

    /// <summary>Whether runs can be taken; null: yes, else the reason in one line.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<string?> WhyNotReadyAsync(CancellationToken cancellation);
}
