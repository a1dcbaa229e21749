using System.Text.Json;
using VaeCluster.Distributed.Messages;
using VaeCluster.Grains.Workers;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Coordination;

/// <summary>A link to a worker through its grain.</summary>
/// <param name="grain">The grain.</param>
internal sealed class WorkerLink(IWorkerGrain grain) : IWorkerLink
{
    public Task<WorkerStatement> AttachAsync(RunTicket ticket, int generation, IReadOnlyList<RangePlace> places) =>
        grain.AttachAsync(ticket, generation, [.. places]);

    public Task AssignAsync(string run, Assignment assignment) => grain.AssignAsync(run, assignment);

    public Task<float[]> MeasureAsync(string run, Assignment assignment) => grain.MeasureAsync(run, assignment);

    public async Task<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(string run, StepPlan plan) =>
        await grain.FindNonFiniteAsync(run, plan);

    public async Task<IReadOnlyList<PhaseSpan>> PhasesAsync(string run, int steps) =>
        JsonSerializer.Deserialize<PhaseSpan[]>(await grain.PhasesAsync(run, steps), ApiJson.Options)!;

    public Task DetachAsync(string run, int generation) => grain.DetachAsync(run, generation);
}
