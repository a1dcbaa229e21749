using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Grains.Runs;
using VaeCluster.Training.Service;

namespace VaeCluster.Client;

/// <summary>The service of runs behind a grain.</summary>
/// <param name="grain">The grain.</param>
internal sealed class RunServiceClient(IRunsGrain grain) : IRunService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public async Task<RunInfo> SubmitAsync(RunSubmission submission, CancellationToken cancellation) =>
        Run(await grain.SubmitAsync(JsonSerializer.Serialize(submission, ApiJson.Options)).WaitAsync(cancellation));

    public async Task<RunPage> ListAsync(int limit, string? after, CancellationToken cancellation) =>
        JsonSerializer.Deserialize<RunPage>(await grain.ListAsync(limit, after).WaitAsync(cancellation), ApiJson.Options)!;

    public async Task<RunInfo> ShowAsync(string id, CancellationToken cancellation) => Run(await grain.ShowAsync(id).WaitAsync(cancellation));

    public async Task<RunInfo> CancelAsync(string id, CancellationToken cancellation) => Run(await grain.CancelAsync(id).WaitAsync(cancellation));

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
                if (!MetricsPosition.TryParse(batch.Positions[i], out after)) throw new InvalidDataException($"'{batch.Positions[i]}' is no position");
                yield return new MetricsLine(after, batch.Kinds[i], batch.Lines[i]);
            }

            if (batch.Lines.Length > 0) continue;
            if (batch.IsLast) yield break;
            await Task.Delay(PollInterval, cancellation);
        }
    }

    public async Task<Stream?> OpenAsync(string id, RunArtifact file, CancellationToken cancellation)
    {
        var whole = new MemoryStream();
        while (await grain.ReadFileAsync(id, file, whole.Length).WaitAsync(cancellation) is { } part)
        {
            if (part.Bytes.Length == 0)
            {
                whole.Position = 0;
                return whole;
            }

            whole.Write(part.Bytes);
        }

        await whole.DisposeAsync();
        return null;
    }

    public Task<string?> WhyNotReadyAsync(CancellationToken cancellation) => grain.WhyNotReadyAsync().WaitAsync(cancellation);

    private static RunInfo Run(string json) => JsonSerializer.Deserialize<RunInfo>(json, ApiJson.Options)!;
}
