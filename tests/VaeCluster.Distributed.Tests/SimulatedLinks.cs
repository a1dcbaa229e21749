using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests;

/// <summary>Links that call silos of the same process.</summary>
internal sealed class SimulatedLinks(SimulatedCluster cluster, SimulatedSilo caller) : IClusterLinks
{
    public IWorkerLink Worker(SiloBeat silo, string device) => new WorkerLink(cluster.Find(silo.Exchange)!, caller, device);

    public IRangeLink Range(SiloBeat silo, string run, int range) => new RangeLink(cluster, cluster.Find(silo.Exchange)!, caller, range);

    private sealed class WorkerLink(SimulatedSilo target, SimulatedSilo caller, string device) : IWorkerLink
    {
        public async Task<WorkerStatement> AttachAsync(RunTicket ticket, int generation, IReadOnlyList<RangePlace> places)
        {
            WorkerStatement statement = await target.CallAsync(caller, () => target.Silo.AttachAsync(device, ticket, generation, places));
            target.Attached.TrySetResult();
            return statement;
        }

        public Task AssignAsync(string run, Assignment assignment) => target.CallAsync(caller, () =>
        {
            target.Silo.Assign(device, run, assignment);
            return Task.CompletedTask;
        });

        public Task<IReadOnlyList<PhaseSpan>> PhasesAsync(string run, int steps) =>
            target.CallAsync(caller, () => Task.FromResult(target.Silo.PhasesOf(run, steps)));

        public Task<float[]> MeasureAsync(string run, Assignment assignment) =>
            target.CallAsync(caller, () => target.Silo.MeasureAsync(device, run, assignment));

        public Task<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(string run, StepPlan plan) =>
            target.CallAsync(caller, () => target.Silo.FindNonFiniteAsync(device, run, plan));

        public Task DetachAsync(string run, int generation) => target.CallAsync(caller, () =>
        {
            target.Silo.Detach(device, run, generation);
            return Task.CompletedTask;
        });
    }

    private sealed class RangeLink(SimulatedCluster cluster, SimulatedSilo target, SimulatedSilo caller, int range) : IRangeLink
    {
        public Task OpenAsync(RangeOpening opening) => target.CallAsync(caller, () => target.Silo.OpenAsync(opening));

        public Task CommitAsync(string run, int generation) =>
            target.CallAsync(caller, () => target.Silo.CommitAsync(run, generation, range));

        public Task SubscribeAsync(string run, int generation, SiloEndpoint silo) => target.CallAsync(caller, () =>
        {
            cluster.OnSubscribe?.Invoke(target);
            target.Silo.Subscribe(run, generation, range, silo);
            return Task.CompletedTask;
        });

        public Task<RangeGradient?> AwaitAsync(string run, int generation, int step, TimeSpan patience) =>
            target.CallAsync(caller, () => target.Silo.AwaitAsync(run, generation, range, step, patience));

        public Task<IReadOnlyList<int>> MissingAsync(string run, int generation, int step) =>
            target.CallAsync(caller, () => Task.FromResult(target.Silo.Missing(run, generation, range, step)));

        public Task ApplyAsync(string run, UpdateDecision decision) => target.CallAsync(caller, async () =>
        {
            await cluster.ReachedAsync(decision.Step);
            target.Silo.Apply(run, range, decision);
        });

        public Task SendAsync(string run, int generation, int step, SiloEndpoint silo, bool moments) =>
            target.CallAsync(caller, () => target.Silo.SendAsync(run, generation, range, step, silo, moments));

        public Task CloseAsync(string run, int generation) => target.CallAsync(caller, () =>
        {
            target.Silo.Close(run, generation, range);
            return Task.CompletedTask;
        });
    }
}
