using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Service.InProcess;

/// <summary>Drives the sweeps of this process.</summary>
/// <param name="queue">Their drivers.</param>
internal sealed class InProcessSweeps(DriverQueue<SweepKeeper> queue) : ISweepHost
{
    public string? WhyClosed => queue.IsClosing ? "the server is stopping" : null;

    public Task LookAsync(string id) => queue.LookAsync(id);

    public Task<SweepSummary?> SummaryAsync(string id) => Task.FromResult(queue.Find(id)?.Summary);

    public Task<bool> ChangeAsync(string id, IReadOnlyList<string> overrides) =>
        Task.FromResult(queue.Find(id)?.TryChange(overrides) == true);

    public Task? EndOf(string id) => queue.Find(id)?.Ended;
}
