using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Grains.Placement;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Workers;

/// <summary>Forwards calls to its silo's <see cref="LocalSilo"/>. Computation runs on the device's thread, never on the grain's
/// scheduler.</summary>
/// <param name="silo">The silo.</param>
[Reentrant]
[OnNamedSilo]
internal sealed class WorkerGrain(LocalSilo silo) : Grain, IWorkerGrain
{
    private string Device => SiloKey.Parse(this.GetPrimaryKeyString()).Place;

    public Task<WorkerStatement> AttachAsync(RunTicket ticket, int generation, RangePlace[] places) =>
        silo.AttachAsync(Device, ticket, generation, places);

    public Task AssignAsync(string run, Assignment assignment)
    {
        silo.Assign(Device, run, assignment);
        return Task.CompletedTask;
    }

    public Task<float[]> MeasureAsync(string run, Assignment assignment) => silo.MeasureAsync(Device, run, assignment);

    public async Task<NonFiniteShard[]> FindNonFiniteAsync(string run, StepPlan plan) =>
        [.. await silo.FindNonFiniteAsync(Device, run, plan)];

    public Task<string> PhasesAsync(string run, int steps) =>
        Task.FromResult(JsonSerializer.Serialize(silo.PhasesOf(run, steps), ApiJson.Options));

    public Task DetachAsync(string run, int generation)
    {
        silo.Detach(Device, run, generation);
        return Task.CompletedTask;
    }
}
