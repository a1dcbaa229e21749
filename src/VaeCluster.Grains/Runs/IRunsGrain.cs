using VaeCluster.Training.Service;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// The service of runs for clients: see <see cref="IRunService"/>. Descriptions of runs cross the wire as the same JSON that the HTTP API speaks, so
/// that there is one format to keep. Any silo that serves may answer. Key 0.
/// </summary>
[Alias("vaecluster.IRunsGrain")]
public interface IRunsGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="IRunService.SubmitAsync"/>
    /// <returns>A <see cref="RunInfo"/> as JSON.</returns>
    [Alias("Submit")]
    [ResponseTimeout("00:05:00")]
    Task<string> SubmitAsync(string submission);

    /// <inheritdoc cref="IRunService.ListAsync"/>
    /// <returns>A <see cref="RunPage"/> as JSON.</returns>
    [Alias("List")]
    Task<string> ListAsync(int limit, string? after);

    /// <inheritdoc cref="IRunService.ShowAsync"/>
    /// <returns>A <see cref="RunInfo"/> as JSON.</returns>
    [Alias("Show")]
    Task<string> ShowAsync(string id);

    /// <inheritdoc cref="IRunService.CancelAsync"/>
    /// <returns>A <see cref="RunInfo"/> as JSON.</returns>
    [Alias("Cancel")]
    Task<string> CancelAsync(string id);

    /// <inheritdoc cref="IRunService.ResumeAsync"/>
    /// <returns>A <see cref="RunInfo"/> as JSON.</returns>
    [Alias("Resume")]
    Task<string> ResumeAsync(string id, int? workers);

    /// <summary>The lines of a run's metrics after a position, as many as there are by now up to a megabyte.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last line that the caller has, see <see cref="MetricsPosition"/>.</param>
    [Alias("ReadMetrics")]
    Task<MetricsBatch> ReadMetricsAsync(string id, string after);

    /// <summary>A part of a file that the run has written.</summary>
    /// <param name="id">The run.</param>
    /// <param name="file">A <see cref="RunArtifact"/>.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <returns>The part, empty at the end; null where the run has not written the file yet.</returns>
    [Alias("ReadFile")]
    Task<FilePart?> ReadFileAsync(string id, RunArtifact file, long offset);

    /// <inheritdoc cref="IRunService.WhyNotReadyAsync"/>
    [Alias("WhyNotReady")]
    Task<string?> WhyNotReadyAsync();
}
