using System.Runtime.CompilerServices;
using System.Text.Json;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Client;

/// <summary>Calls the sweep service through its grain.</summary>
/// <param name="grain">The grain.</param>
internal sealed class SweepServiceClient(ISweepsGrain grain) : ISweepService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public async Task<SweepInfo> SubmitAsync(SweepSubmission submission, CancellationToken cancellation) =>
        Sweep(await grain.SubmitAsync(JsonSerializer.Serialize(submission, ApiJson.Options)).WaitAsync(cancellation));

    public async Task<SweepPage> ListAsync(int limit, string? after, CancellationToken cancellation) =>
        Read<SweepPage>(await grain.ListAsync(limit, after).WaitAsync(cancellation));

    public async Task<SweepInfo> ShowAsync(string id, CancellationToken cancellation) =>
        Sweep(await grain.ShowAsync(id).WaitAsync(cancellation));

    public async Task<SweepInfo> PauseAsync(string id, CancellationToken cancellation) =>
        Sweep(await grain.PauseAsync(id).WaitAsync(cancellation));

    public async Task<SweepInfo> ResumeAsync(string id, CancellationToken cancellation) =>
        Sweep(await grain.ResumeAsync(id).WaitAsync(cancellation));

    public async Task<SweepInfo> CancelAsync(string id, CancellationToken cancellation) =>
        Sweep(await grain.CancelAsync(id).WaitAsync(cancellation));

    public Task DeleteAsync(string id, CancellationToken cancellation) => grain.DeleteAsync(id).WaitAsync(cancellation);

    public async Task<SweepInfo> ChangeAsync(string id, IReadOnlyList<string> overrides, CancellationToken cancellation) =>
        Sweep(await grain.ChangeAsync(id, [.. overrides]).WaitAsync(cancellation));

    public async IAsyncEnumerable<SweepEvent> FollowAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long offset = 0;
        while (true)
        {
            SweepBatch batch = await grain.ReadLogAsync(id, after, offset).WaitAsync(cancellation);
            for (int i = 0; i < batch.Lines.Length; i++) yield return new SweepEvent(batch.Positions[i], batch.Kinds[i], batch.Lines[i]);
            offset = batch.Offset;
            if (batch.Lines.Length > 0)
            {
                after = batch.Positions[^1];
                continue;
            }

            if (batch.IsLast) yield break;
            await Task.Delay(PollInterval, cancellation);
        }
    }

    public Task<Stream?> OpenAsync(string id, SweepArtifact file, CancellationToken cancellation) =>
        FileParts.ReadAsync(offset => grain.ReadFileAsync(id, file, offset), cancellation);

    private static SweepInfo Sweep(string json) => Read<SweepInfo>(json);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, ApiJson.Options)!;
}
