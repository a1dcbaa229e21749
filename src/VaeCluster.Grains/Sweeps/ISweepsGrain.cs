using VaeCluster.Grains.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>
/// The sweep service for clients, see <see cref="ISweepService"/>. Descriptions of sweeps are sent as the JSON of the HTTP API, so that
/// there is only one format to keep compatible. Any server silo may answer. The key is 0.
/// </summary>
[Alias("vaecluster.ISweepsGrain")]
public interface ISweepsGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="ISweepService.SubmitAsync"/>
    /// <param name="submission">A <see cref="SweepSubmission"/> as JSON.</param>
    /// <returns>A <see cref="SweepInfo"/> as JSON.</returns>
    [Alias("Submit")]
    [ResponseTimeout("00:05:00")]
    Task<string> SubmitAsync(string submission);

    /// <inheritdoc cref="ISweepService.ListAsync"/>
    /// <returns>A <see cref="SweepPage"/> as JSON.</returns>
    [Alias("List")]
    Task<string> ListAsync(int limit, string? after);

    /// <inheritdoc cref="ISweepService.ShowAsync"/>
    /// <returns>A <see cref="SweepInfo"/> as JSON.</returns>
    [Alias("Show")]
    Task<string> ShowAsync(string id);

    /// <inheritdoc cref="ISweepService.PauseAsync"/>
    /// <returns>A <see cref="SweepInfo"/> as JSON.</returns>
    [Alias("Pause")]
    Task<string> PauseAsync(string id);

    /// <inheritdoc cref="ISweepService.ResumeAsync"/>
    /// <returns>A <see cref="SweepInfo"/> as JSON.</returns>
    [Alias("Resume")]
    Task<string> ResumeAsync(string id);

    /// <inheritdoc cref="ISweepService.CancelAsync"/>
    /// <returns>A <see cref="SweepInfo"/> as JSON.</returns>
    [Alias("Cancel")]
    Task<string> CancelAsync(string id);

    /// <inheritdoc cref="ISweepService.DeleteAsync"/>
    [Alias("Delete")]
    [ResponseTimeout("00:01:00")]
    Task DeleteAsync(string id);

    /// <inheritdoc cref="ISweepService.ChangeAsync"/>
    /// <returns>A <see cref="SweepInfo"/> as JSON.</returns>
    [Alias("Change")]
    [ResponseTimeout("00:01:00")]
    Task<string> ChangeAsync(string id, string[] overrides);

    /// <summary>The lines of a sweep's log that follow a given line, up to a megabyte.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="after">The number of the last line that the caller has; 0 for none.</param>
    /// <param name="offset">Where that line ends, see <see cref="SweepBatch.Offset"/>; 0 if unknown.</param>
    [Alias("ReadLog")]
    Task<SweepBatch> ReadLogAsync(string id, long after, long offset);

    /// <summary>Part of a file that the sweep has written.</summary>
    /// <param name="id">The sweep.</param>
    /// <param name="file">A <see cref="SweepArtifact"/>.</param>
    /// <param name="offset">Where the part begins, in bytes from the start of the file.</param>
    /// <returns>The part, empty at the end of the file; null if the sweep has not written the file yet.</returns>
    [Alias("ReadFile")]
    Task<FilePart?> ReadFileAsync(string id, SweepArtifact file, long offset);
}
