using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Service.InProcess;

/// <summary>Drives the runs of this process.</summary>
/// <param name="queue">Their drivers.</param>
internal sealed class InProcessRuns(DriverQueue<RunDriver> queue) : IRunHost
{
    public string? WhyClosed => queue.IsClosing ? "the server is stopping" : null;

    public Task LookAsync(string id) => queue.LookAsync(id);

    public Task<int?> StepAsync(string id) => Task.FromResult(queue.Find(id)?.Step);

    public Task<RunWorkers> WorkersAsync(string id) =>
        queue.Find(id) is { } driver ? driver.Execution.WorkersAsync() : Task.FromResult(RunWorkers.None);

    public LiveWeights? Live(string id) => queue.Find(id)?.Execution.Live;

    public Task? EndOf(string id) => queue.Find(id)?.Ended;
}
