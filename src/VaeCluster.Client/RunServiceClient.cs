using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Grains.Runs;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Metrics;
using VaeCluster.Training.Metrics.Curves;

namespace VaeCluster.Client;

/// <summary>Calls the run service through its grain.</summary>
/// <param name="grain">The grain.</param>
internal sealed class RunServiceClient(IRunsGrain grain) : IRunService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public async Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation) =>
        Run(await grain.SubmitAsync(JsonSerializer.Serialize(submission, ApiJson.Options)).WaitAsync(cancellation));

    public async Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation) =>
        JsonSerializer.Deserialize<RunPage>(await grain.ListAsync(limit, after).WaitAsync(cancellation), ApiJson.Options)!;

    public async Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) =>
        Run(await grain.ShowAsync(id).WaitAsync(cancellation));

    public async Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) =>
        Run(await grain.CancelAsync(id).WaitAsync(cancellation));

    public async Task<RunInfo> ResumeAsync(string id, int? workers, CancellationToken cancellation) =>
        Run(await grain.ResumeAsync(id, workers).WaitAsync(cancellation));

    public async IAsyncEnumerable<MetricsLine> FollowAsync(
        string id, MetricsPosition after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            MetricsBatch batch = await grain.ReadMetricsAsync(id, after.ToString()).WaitAsync(cancellation);
            for (int i = 0; i < batch.Lines.Length; i++)
            {
                if (!MetricsPosition.TryParse(batch.Positions[i], out after))
                    throw new InvalidDataException($"'{batch.Positions[i]}' is not a position in the metrics");
                yield return new MetricsLine(after, batch.Kinds[i], batch.Lines[i]);
            }

            if (batch.Lines.Length > 0) continue;
            if (batch.IsLast) yield break;
            await Task.Delay(PollInterval, cancellation);
        }
    }

    public Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation) =>
        FileParts.ReadAsync(offset => grain.ReadFileAsync(id, file, offset), cancellation);

    public async Task<RunInfo> PauseAsync(string id, CancellationToken cancellation) =>
        Run(await grain.PauseAsync(id).WaitAsync(cancellation));

    public Task DeleteAsync(string id, CancellationToken cancellation) => grain.DeleteAsync(id).WaitAsync(cancellation);

    public async Task<RunCurve> CurveAsync(string id, int points, CancellationToken cancellation) =>
        Read<RunCurve>(await grain.CurveAsync(id, points).WaitAsync(cancellation));

    public async Task<RunModel> InspectAsync(string id, CancellationToken cancellation) =>
        Read<RunModel>(await grain.InspectAsync(id).WaitAsync(cancellation));

    public async Task<RunPicture> DrawAsync(string id, PictureRequest request, CancellationToken cancellation) =>
        Read<RunPicture>(await grain.DrawAsync(id, JsonSerializer.Serialize(request, ApiJson.Options)).WaitAsync(cancellation));

    public async Task<RunCode> EncodeAsync(string id, int example, CancellationToken cancellation) =>
        Read<RunCode>(await grain.EncodeAsync(id, example).WaitAsync(cancellation));

    public async Task<RunWorkers> WorkersAsync(string id, CancellationToken cancellation) =>
        Read<RunWorkers>(await grain.WorkersAsync(id).WaitAsync(cancellation));

    public async Task<IReadOnlyList<RunCheckpoint>> CheckpointsAsync(string id, CancellationToken cancellation) =>
        Read<RunCheckpoint[]>(await grain.CheckpointsAsync(id).WaitAsync(cancellation));

    public async Task<Stream> OpenCheckpointAsync(string id, string checkpoint, string file, CancellationToken cancellation) =>
        (await FileParts.ReadAsync(async offset => await grain.ReadCheckpointAsync(id, checkpoint, file, offset), cancellation))!;

    public Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => grain.WhyNotReadyAsync().WaitAsync(cancellation);

    private static RunInfo Run(string json) => Read<RunInfo>(json);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ApiJson.Options)!;
}
