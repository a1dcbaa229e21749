using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// The sweep service, the same on every host and for clients of a cluster. Ids are those of <see cref="SweepInfo.Id"/>; an unknown one
/// throws a <see cref="RunRefusedException"/>.
/// </summary>
public interface ISweepService
{
    /// <summary>Checks a sweep, including every trial that is known beforehand, and queues it. A refused sweep leaves nothing
    /// behind.</summary>
    /// <param name="submission">The sweep file.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The sweep file or its data is invalid.</exception>
    /// <exception cref="RunRefusedException">A trial names data that submitted runs may not read, or the key belongs to a run.</exception>
    Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation);

    /// <summary>Sweeps, newest first, without their files and trials.</summary>
    /// <param name="limit">The most entries to return.</param>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<SweepPage> ListAsync(int limit, string? after, CancellationToken cancellation);

    /// <summary>One sweep with its file and its trials.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<SweepInfo> ShowAsync(string id, CancellationToken cancellation);

    /// <summary>Stops the trials in progress with checkpoints, and begins no others until the sweep is resumed.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is not in progress.</exception>
    Task<SweepInfo> PauseAsync(string id, CancellationToken cancellation);

    /// <summary>Continues a sweep that is paused, stopped or failed; its trials continue from their checkpoints. A finished one is left
    /// alone.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is in progress.</exception>
    Task<SweepInfo> ResumeAsync(string id, CancellationToken cancellation);

    /// <summary>Stops a sweep; the trials in progress stop after their step, with a checkpoint. Has no effect on a sweep that is already
    /// stopping.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is not in progress.</exception>
    Task<SweepInfo> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>Deletes a sweep with all that it and its trials have written.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep, or a run of one of its trials, is in progress.</exception>
    Task DeleteAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Changes a sweep, also while it runs: <c>parallel</c>, <c>maxFailures</c> or more <c>search.trials</c>. Any other field is refused,
    /// because it would change the meaning of finished trials. More trials for a finished sweep queue it again.
    /// </summary>
    /// <param name="id">The sweep.</param>
    /// <param name="overrides">Such as <c>parallel=4</c> and <c>search.trials=40</c>.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">An override is invalid.</exception>
    Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation);

    /// <summary>
    /// Returns the lines of a sweep's log after a position, then new ones as they are written, each once and in order. Ends when the sweep
    /// is no longer in progress and every line has been returned.
    /// </summary>
    /// <param name="id">The sweep.</param>
    /// <param name="after">The number of the last line that the caller has; 0 for none.</param>
    /// <param name="cancellation">Ends the sequence early.</param>
    IAsyncEnumerable<SweepEvent> FollowAsync(string id, long after, CancellationToken cancellation);

    /// <summary>Opens a file of the sweep for reading; null if it has not been written yet.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="file">Which file.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<Stream?> OpenAsync(string id, SweepArtifact file, CancellationToken cancellation);
}
