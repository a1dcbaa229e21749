using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Grains.Runs;

/// <summary>
/// The run service for clients, see <see cref="IRunService"/>. Descriptions of runs are sent as the JSON of the HTTP API, so that there is
/// only one format to keep compatible. Any server silo may answer. The key is 0.
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

    /// <inheritdoc cref="IRunService.PauseAsync"/>
    /// <returns>A <see cref="RunInfo"/> as JSON.</returns>
    [Alias("Pause")]
    Task<string> PauseAsync(string id);

    /// <inheritdoc cref="IRunService.DeleteAsync"/>
    [Alias("Delete")]
    Task DeleteAsync(string id);

    /// <inheritdoc cref="IRunService.CurveAsync"/>
    /// <returns>A <see cref="RunCurve"/> as JSON.</returns>
    [Alias("Curve")]
    Task<string> CurveAsync(string id, int points);

    /// <inheritdoc cref="IRunService.InspectAsync"/>
    /// <returns>A <see cref="RunModel"/> as JSON.</returns>
    [Alias("Inspect")]
    Task<string> InspectAsync(string id);

    /// <inheritdoc cref="IRunService.DrawAsync"/>
    /// <param name="id">The run.</param>
    /// <param name="request">A <see cref="PictureRequest"/> as JSON.</param>
    /// <returns>A <see cref="RunPicture"/> as JSON.</returns>
    [Alias("Draw")]
    Task<string> DrawAsync(string id, string request);

    /// <inheritdoc cref="IRunService.EncodeAsync"/>
    /// <returns>A <see cref="RunCode"/> as JSON.</returns>
    [Alias("Encode")]
    Task<string> EncodeAsync(string id, int example);

    /// <inheritdoc cref="IRunService.WorkersAsync"/>
    /// <returns>A <see cref="RunWorkers"/> as JSON.</returns>
    [Alias("Workers")]
    Task<string> WorkersAsync(string id);

    /// <inheritdoc cref="IRunService.CheckpointsAsync"/>
    /// <returns>A list of <see cref="RunCheckpoint"/> as JSON.</returns>
    [Alias("Checkpoints")]
    Task<string> CheckpointsAsync(string id);

    /// <summary>Part of a checkpoint's file.</summary>
    /// <param name="id">The run.</param>
    /// <param name="checkpoint">The checkpoint's name.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="offset">Where the part begins, in bytes from the start of the file.</param>
    /// <returns>The part, empty at the end of the file.</returns>
    [Alias("ReadCheckpoint")]
    Task<FilePart> ReadCheckpointAsync(string id, string checkpoint, string file, long offset);

    /// <inheritdoc cref="IRunService.ResumeAsync"/>
    /// <returns>A <see cref="RunInfo"/> as JSON.</returns>
    [Alias("Resume")]
    Task<string> ResumeAsync(string id, int? workers);

    /// <summary>The lines of a run's metrics that follow a position, up to a megabyte.</summary>
    /// <param name="id">The run.</param>
    /// <param name="after">The last line that the caller has, see <see cref="MetricsPosition"/>.</param>
    [Alias("ReadMetrics")]
    Task<MetricsBatch> ReadMetricsAsync(string id, string after);

    /// <summary>Part of a file that the run has written.</summary>
    /// <param name="id">The run.</param>
    /// <param name="file">A <see cref="RunArtifact"/>.</param>
    /// <param name="offset">Where the part begins, in bytes from the start of the file.</param>
    /// <returns>The part, empty at the end of the file; null if the run has not written the file yet.</returns>
    [Alias("ReadFile")]
    Task<FilePart?> ReadFileAsync(string id, RunArtifact file, long offset);

    /// <inheritdoc cref="IRunService.WhyNotReadyAsync"/>
    [Alias("WhyNotReady")]
    Task<string?> WhyNotReadyAsync();
}
