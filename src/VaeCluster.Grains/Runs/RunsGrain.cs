using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;

namespace VaeCluster.Grains.Runs;

/// <summary>Forwards calls to the silo's own service.</summary>
/// <param name="runs">The service.</param>
[StatelessWorker]
[Reentrant]
internal sealed class RunsGrain(RunService runs) : Grain, IRunsGrain
{
    private const int MostMetricsBytes = 1 << 20;

    public async Task<string> SubmitAsync(string submission) =>
        Json(await runs.SubmitAsync(JsonSerializer.Deserialize<RunSubmission>(submission, ApiJson.Options)!, CancellationToken.None));

    public async Task<string> ListAsync(int limit, string? after) => Json(await runs.ListAsync(limit, after, CancellationToken.None));

    public async Task<string> ShowAsync(string id) => Json(await runs.ShowAsync(id, CancellationToken.None));

    public async Task<string> CancelAsync(string id) => Json(await runs.CancelAsync(id, CancellationToken.None));

    public async Task<string> ResumeAsync(string id, int? workers) => Json(await runs.ResumeAsync(id, workers, CancellationToken.None));

    public async Task<MetricsBatch> ReadMetricsAsync(string id, string after)
    {
        if (!MetricsPosition.TryParse(after, out MetricsPosition position)) position = MetricsPosition.Start;

        // Ask before reading the file: once a run has ended, its last lines are in the file.
        bool last = !await runs.IsInProgressAsync(id, CancellationToken.None);
        var positions = new List<string>();
        var kinds = new List<string>();
        var lines = new List<byte[]>();
        using MetricsTail tail = runs.OpenMetrics(id, position);
        for (int bytes = 0; bytes < MostMetricsBytes && tail.TryRead(out MetricsLine line); bytes += line.Json.Length)
        {
            positions.Add(line.Position.ToString());
            kinds.Add(line.Kind);
            lines.Add(line.Json.ToArray());
        }

        return new MetricsBatch([.. positions], [.. kinds], [.. lines], last);
    }

    public async Task<string> PauseAsync(string id) => Json(await runs.PauseAsync(id, CancellationToken.None));

    public Task DeleteAsync(string id) => runs.DeleteAsync(id, CancellationToken.None);

    public async Task<string> CurveAsync(string id, int points) => Json(await runs.CurveAsync(id, points, CancellationToken.None));

    public async Task<string> InspectAsync(string id) => Json(await runs.InspectAsync(id, CancellationToken.None));

    public async Task<string> DrawAsync(string id, string request) =>
        Json(await runs.DrawAsync(id, JsonSerializer.Deserialize<PictureRequest>(request, ApiJson.Options)!, CancellationToken.None));

    public async Task<string> EncodeAsync(string id, int example) => Json(await runs.EncodeAsync(id, example, CancellationToken.None));

    public async Task<string> WorkersAsync(string id) => Json(await runs.WorkersAsync(id, CancellationToken.None));

    public async Task<string> CheckpointsAsync(string id) => Json(await runs.CheckpointsAsync(id, CancellationToken.None));

    public async Task<FilePart> ReadCheckpointAsync(string id, string checkpoint, string file, long offset)
    {
        await using Stream stream = await runs.OpenCheckpointAsync(id, checkpoint, file, CancellationToken.None);
        return await FilePart.ReadAsync(stream, offset);
    }

    public async Task<FilePart?> ReadFileAsync(string id, RunArtifact file, long offset)
    {
        await using Stream? stream = await runs.OpenAsync(id, file, CancellationToken.None);
        return stream is null ? null : await FilePart.ReadAsync(stream, offset);
    }

    public Task<string?> WhyNotReadyAsync() => runs.WhyNotReadyAsync(CancellationToken.None);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);
}
