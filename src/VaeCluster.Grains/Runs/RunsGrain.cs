using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Training.Service;

namespace VaeCluster.Grains.Runs;

/// <summary>Passes calls on to the silo's own service.</summary>
/// <param name="runs">The service.</param>
[StatelessWorker]
[Reentrant]
internal sealed class RunsGrain(ClusterRuns runs) : Grain, IRunsGrain
{
    public async Task<string> SubmitAsync(string submission) =>
        Json(await runs.SubmitAsync(JsonSerializer.Deserialize<RunSubmission>(submission, ApiJson.Options)!, CancellationToken.None));

    public async Task<string> ListAsync(int limit, string? after) => Json(await runs.ListAsync(limit, after, CancellationToken.None));

    public async Task<string> ShowAsync(string id) => Json(await runs.ShowAsync(id, CancellationToken.None));

    public async Task<string> CancelAsync(string id) => Json(await runs.CancelAsync(id, CancellationToken.None));

    public async Task<string> ResumeAsync(string id, int? workers) => Json(await runs.ResumeAsync(id, workers, CancellationToken.None));

    public Task<MetricsBatch> ReadMetricsAsync(string id, string after) => runs.ReadMetricsAsync(id, after);

    public async Task<FilePart?> ReadFileAsync(string id, RunArtifact file, long offset)
    {
        const int MostBytes = 1 << 20;
        await using Stream? stream = await runs.OpenAsync(id, file, CancellationToken.None);
        if (stream is null) return null;
        stream.Seek(offset, SeekOrigin.Begin);
        var buffer = new byte[MostBytes];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        return new FilePart(buffer[..read]);
    }

    public Task<string?> WhyNotReadyAsync() => runs.WhyNotReadyAsync(CancellationToken.None);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);
}
