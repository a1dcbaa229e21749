using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Grains.Runs;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Grains.Sweeps;

/// <summary>Forwards calls to the silo's own service.</summary>
/// <param name="sweeps">The service.</param>
[StatelessWorker]
[Reentrant]
internal sealed class SweepsGrain(SweepService sweeps) : Grain, ISweepsGrain
{
    private const int MostLogBytes = 1 << 20;

    public async Task<string> SubmitAsync(string submission) =>
        Json(await sweeps.SubmitAsync(JsonSerializer.Deserialize<SweepSubmission>(submission, ApiJson.Options)!, CancellationToken.None));

    public async Task<string> ListAsync(int limit, string? after) => Json(await sweeps.ListAsync(limit, after, CancellationToken.None));

    public async Task<string> ShowAsync(string id) => Json(await sweeps.ShowAsync(id, CancellationToken.None));

    public async Task<string> PauseAsync(string id) => Json(await sweeps.PauseAsync(id, CancellationToken.None));

    public async Task<string> ResumeAsync(string id) => Json(await sweeps.ResumeAsync(id, CancellationToken.None));

    public async Task<string> CancelAsync(string id) => Json(await sweeps.CancelAsync(id, CancellationToken.None));

    public Task DeleteAsync(string id) => sweeps.DeleteAsync(id, CancellationToken.None);

    public async Task<string> ChangeAsync(string id, string[] overrides) =>
        Json(await sweeps.ChangeAsync(id, overrides, CancellationToken.None));

    public async Task<SweepBatch> ReadLogAsync(string id, long after, long offset)
    {
        // Ask before reading the file, as for runs.
        bool last = !await sweeps.IsInProgressAsync(id, CancellationToken.None);
        SweepTail tail = sweeps.OpenLog(id, after, offset);
        IReadOnlyList<SweepEvent> lines = tail.Read(MostLogBytes);
        return new SweepBatch(
            [.. lines.Select(line => line.Position)], [.. lines.Select(line => line.Kind)], [.. lines.Select(line => line.Json.ToArray())],
            tail.Offset, last);
    }

    public async Task<FilePart?> ReadFileAsync(string id, SweepArtifact file, long offset)
    {
        await using Stream? stream = await sweeps.OpenAsync(id, file, CancellationToken.None);
        return stream is null ? null : await FilePart.ReadAsync(stream, offset);
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, ApiJson.Options);
}
