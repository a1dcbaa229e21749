using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Service.Sweeps;

/// <summary>
/// Everything that the API offers about sweeps. It is the same on every host, and also what clients of a cluster call; the HTTP
/// layer knows neither. Ids are those of <see cref="SweepInfo.Id"/>; an unknown one is a <see cref="RunRefusedException"/>.
/// </summary>
public interface ISweepService
{
    /// <summary>Checks a sweep, every trial that is known beforehand included, and queues it. Nothing is kept of a sweep that is
    /// refused.</summary>
    /// <param name="submission">The sweep file.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">The sweep file or its data cannot be used.</exception>
    /// <exception cref="RunRefusedException">A trial names data that submitted runs may not read, or the key is that of a run.</exception>
    Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation);

    /// <summary>Sweeps, newest first, without their files and trials.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">The id that the page before ended with; null: the first page.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<SweepPage> ListAsync(int limit, string? after, CancellationToken cancellation);

    /// <summary>One sweep with its file and its trials.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<SweepInfo> ShowAsync(string id, CancellationToken cancellation);

    /// <summary>Saves the trials in progress and begins no other until the sweep is resumed.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is not in progress.</exception>
    Task<SweepInfo> PauseAsync(string id, CancellationToken cancellation);

    /// <summary>Goes on with a sweep that is paused, stopped or failed; trials go on from their checkpoints. A finished one stays as it
    /// is.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is in progress.</exception>
    Task<SweepInfo> ResumeAsync(string id, CancellationToken cancellation);

    /// <summary>Stops a sweep: the trials in progress after their step, with a checkpoint. One that is stopping already stays so.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep is not in progress.</exception>
    Task<SweepInfo> CancelAsync(string id, CancellationToken cancellation);

    /// <summary>Removes a sweep with all that it and its trials have written.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="RunRefusedException">The sweep, or a run of one of its trials, is in progress.</exception>
    Task DeleteAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Changes a sweep, also while it runs: <c>parallel</c>, <c>maxFailures</c>, more <c>search.trials</c>. Every other field would change
    /// what finished trials meant and is refused by its name. More trials of a finished sweep queue it again.
    /// </summary>
    /// <param name="id">The sweep.</param>
    /// <param name="overrides">Such as <c>parallel=4</c> and <c>search.trials=40</c>.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">An override cannot be used.</exception>
    Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation);

    /// <summary>
    /// The lines of a sweep's log after a position, then those that come, each once and in order; ends when the sweep is no longer in
    /// progress and every line was given.
    /// </summary>
    /// <param name="id">The sweep.</param>
    /// <param name="after">The last line that the caller has; 0: none.</param>
    /// <param name="cancellation">Ends the sequence early.</param>
    IAsyncEnumerable<SweepEvent> FollowAsync(string id, long after, CancellationToken cancellation);

    /// <summary>Opens a file that the sweep has written, to be read; null where it has not written it yet.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="file">Which one.</param>
    /// <param name="cancellation">Ends the call early.</param>
    Task<Stream?> OpenAsync(string id, SweepArtifact file, CancellationToken cancellation);
}
