using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Instruments;
using VaeCluster.Training.Steps;

namespace VaeCluster.Distributed.Tests;

/// <summary>Links that call sites of the same process.</summary>
internal sealed class SimulatedLinks(SimulatedCluster cluster, SimulatedSite caller) : IClusterLinks
{
    public IWorkerLink Worker(SiteBeat site, string device) => new WorkerLink(cluster.Find(site.Exchange)!, caller, device);

    public IRangeLink Range(SiteBeat site, string run, int range) => new RangeLink(cluster, cluster.Find(site.Exchange)!, caller, range);

    private sealed class WorkerLink(SimulatedSite target, SimulatedSite caller, string device) : IWorkerLink
    {
        public async Task<WorkerStatement> AttachAsync(RunTicket ticket, int generation, IReadOnlyList<RangePlace> places)
        {
            WorkerStatement statement = await target.CallAsync(caller, () => target.Site.AttachAsync(device, ticket, generation, places));
            target.Attached.TrySetResult();
            return statement;
        }

        public Task AssignAsync(string run, Assignment assignment) => target.CallAsync(caller, () =>
        {
            target.Site.Assign(device, run, assignment);
            return Task.CompletedTask;
        });

        public Task<IReadOnlyList<PhaseSpan>> PhasesAsync(string run, int steps) => target.CallAsync(caller, () => Task.FromResult(target.Site.PhasesOf(run, steps)));

        public Task<float[]> MeasureAsync(string run, Assignment assignment) =>
            target.CallAsync(caller, () => target.Site.MeasureAsync(device, run, assignment));

        public Task<IReadOnlyList<NonFiniteShard>> FindNonFiniteAsync(string run, StepPlan plan) =>
            target.CallAsync(caller, () => target.Site.FindNonFiniteAsync(device, run, plan));

        public Task DetachAsync(string run, int generation) => target.CallAsync(caller, () =>
        {
            target.Site.Detach(device, run, generation);
            return Task.CompletedTask;
        });
    }

    private sealed class RangeLink(SimulatedCluster cluster, SimulatedSite target, SimulatedSite caller, int range) : IRangeLink
    {
        public Task OpenAsync(RangeOpening opening) => target.CallAsync(caller, () => target.Site.OpenAsync(opening));

        public Task CommitAsync(string run, int generation) => target.CallAsync(caller, () => target.Site.CommitAsync(run, generation, range));

        public Task SubscribeAsync(string run, int generation, SiteAddress site) => target.CallAsync(caller, () =>
        {
            cluster.OnSubscribe?.Invoke(target);
            target.Site.Subscribe(run, generation, range, site);
            return Task.CompletedTask;
        });

        public Task<RangeGradient?> AwaitAsync(string run, int generation, int step, TimeSpan patience) =>
            target.CallAsync(caller, () => target.Site.AwaitAsync(run, generation, range, step, patience));

        public Task<IReadOnlyList<int>> MissingAsync(string run, int generation, int step) =>
            target.CallAsync(caller, () => Task.FromResult(target.Site.Missing(run, generation, range, step)));

        public Task ApplyAsync(string run, UpdateDecision decision) => target.CallAsync(caller, async () =>
        {
            await cluster.ReachedAsync(decision.Step);
            target.Site.Apply(run, range, decision);
        });

        public Task SendAsync(string run, int generation, int step, SiteAddress site, bool moments) =>
            target.CallAsync(caller, () => target.Site.SendAsync(run, generation, range, step, site, moments));

        public Task CloseAsync(string run, int generation) => target.CallAsync(caller, () =>
        {
            target.Site.Close(run, generation, range);
            return Task.CompletedTask;
        });
    }
}
