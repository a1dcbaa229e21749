using VaeCluster.Core;
using VaeCluster.Service.Pictures;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Service.Runs;

/// <summary>
/// The run service, the same on every host and for clients of a cluster. Ids are those of <see cref="RunInfo.Id"/>; an unknown one throws a
/// <see cref="RunRefusedException"/>.
/// </summary>
public interface IRunService
{
    /// <summary>Checks a run and queues it. A refused run leaves nothing behind.</summary>
    /// <param name="submission">The run file and how to execute it.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The run file or its data is invalid.</exception>
    /// <exception cref="RunRefusedException">The run names data that submitted runs may not read, or the key belongs to a
    /// sweep.</exception>
    Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation);

    /// <summary>Runs, newest first, without their run files and results.</summary>
    /// <param name="limit">The most entries to return.</param>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation);

    /// <summary>One run with its run file, and its result once it has one.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunInfo> ShowAsync(string id, CancellationToken cancellation);

    /// <summary>Stops a run; if it has begun, after the step in progress and with a checkpoint. Has no effect on a run that is already
    /// stopping.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is not in progress.</exception>
    Task<RunInfo> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>Stops a run like <see cref="CancelAsync"/>, but lists it as paused, to be resumed later.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is not in progress.</exception>
    Task<RunInfo> PauseAsync(string id, CancellationToken cancellation);

    /// <summary>Deletes a run permanently, with all that it has written.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is in progress.</exception>
    Task DeleteAsync(string id, CancellationToken cancellation);

    /// <summary>Queues a run to continue from its newest complete checkpoint. A finished run is left alone.</summary>
    /// <param name="id">The run.</param>
    /// <param name="workers">Workers from now on; null to keep their number.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run is in progress.</exception>
    Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation);

    /// <summary>
    /// Returns the lines of a run's metrics after a position, then new ones as they are written, each once and in order. Ends when the run
    /// is no longer in progress and every line has been returned. Reads from disk as fast as the caller takes the lines, without buffering
    /// them.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last line that the caller has.</param>
    /// <param name="cancellation">Ends the sequence early.</param>
    IAsyncEnumerable<MetricsLine> FollowAsync(string id, MetricsPosition after, CancellationToken cancellation);

    /// <summary>Opens a file of the run for reading; null if it has not been written yet.</summary>
    /// <param name="id">The run.</param>
    /// <param name="file">Which file.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation);

    /// <summary>A run's metrics thinned to a few points, keeping the lowest and highest of every stretch.</summary>
    /// <param name="id">The run.</param>
    /// <param name="points">The most points per curve, at least 4.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation);

    /// <summary>What a page needs to know about a run's model.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The run has no weights yet.</exception>
    Task<RunModel> InspectAsync(string id, CancellationToken cancellation);

    /// <summary>Draws a picture of a run's model, with live weights if available, else with those of the newest complete
    /// checkpoint.</summary>
    /// <param name="id">The run.</param>
    /// <param name="request">What to draw.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The request does not fit the model.</exception>
    /// <exception cref="RunRefusedException">The run has no weights yet, or too many pictures are requested at once.</exception>
    Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation);

    /// <summary>Encodes an example of the split that the model is evaluated on.</summary>
    /// <param name="id">The run.</param>
    /// <param name="example">The example, from 0.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The example does not exist.</exception>
    Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation);

    /// <summary>The workers of a run in progress and how they spent the last steps; empty if it is not in progress.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation);

    /// <summary>The checkpoints of a run, newest first.</summary>
    /// <param name="id">The run.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation);

    /// <summary>Opens a file of a checkpoint for reading.</summary>
    /// <param name="id">The run.</param>
    /// <param name="checkpoint">The checkpoint's name.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The checkpoint or file does not exist.</exception>
    Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation);

    /// <summary>Why runs cannot be accepted, in one line; null if they can.</summary>
    /// <param name="cancellation">Ends the call early.</param>
    Task<string?> WhyNotReadyAsync(CancellationToken cancellation);
}
