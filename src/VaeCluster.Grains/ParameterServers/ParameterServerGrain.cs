using System.Globalization;
using Orleans.Concurrency;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Grains.Placement;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.ParameterServers;

/// <summary>Passes calls on to its silo's <see cref="Site"/>; tensors arrive there beside it.</summary>
[Reentrant]
[OnNamedSilo]
internal sealed class ParameterServerGrain : Grain, IParameterServerGrain
{
    private readonly Site _site;
    private readonly string _run;
    private readonly int _range;

    public ParameterServerGrain(Site site, IGrainContext context)
    {
        _site = site;
        string rest = SiloKey.Parse(context.GrainId.Key.ToString()!).Place;
        int slash = rest.LastIndexOf('/');
        _run = rest[..slash];
        _range = int.Parse(rest.AsSpan(slash + 1), CultureInfo.InvariantCulture);
    }

    public Task OpenAsync(RangeOpening opening) => _site.OpenAsync(opening);

    public Task CommitAsync(int generation) => _site.CommitAsync(_run, generation, _range);

    public Task SubscribeAsync(int generation, SiteAddress site)
    {
        _site.Subscribe(_run, generation, _range, site);
        return Task.CompletedTask;
    }

    public Task<RangeGradient?> AwaitAsync(int generation, int step, TimeSpan patience) => _site.AwaitAsync(_run, generation, _range, step, patience);

    public Task<int[]> MissingAsync(int generation, int step) => Task.FromResult<int[]>([.. _site.Missing(_run, generation, _range, step)]);

    // A turn must stay short and an update of a large range is not: it runs on a thread of the pool.
    public Task ApplyAsync(UpdateDecision decision) => Task.Run(() => _site.Apply(_run, _range, decision));

    public Task SendAsync(int generation, int step, SiteAddress site, bool moments) => _site.SendAsync(_run, generation, _range, step, site, moments);

    public Task CloseAsync(int generation)
    {
        _site.Close(_run, generation, _range);
        return Task.CompletedTask;
    }
}
