using System.Globalization;
using Orleans.Concurrency;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Distributed.Silos;
using VaeCluster.Grains.Placement;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.ParameterServers;

/// <summary>Forwards calls to its silo's <see cref="LocalSilo"/>, which receives the tensors directly.</summary>
[Reentrant]
[OnNamedSilo]
internal sealed class ParameterServerGrain : Grain, IParameterServerGrain
{
    private readonly LocalSilo _silo;
    private readonly string _run;
    private readonly int _range;

    public ParameterServerGrain(LocalSilo silo, IGrainContext context)
    {
        _silo = silo;
        string rest = SiloKey.Parse(context.GrainId.Key.ToString()!).Place;
        int slash = rest.LastIndexOf('/');
        _run = rest[..slash];
        _range = int.Parse(rest.AsSpan(slash + 1), CultureInfo.InvariantCulture);
    }

    public Task OpenAsync(RangeOpening opening) => _silo.OpenAsync(opening);

    public Task CommitAsync(int generation) => _silo.CommitAsync(_run, generation, _range);

    public Task SubscribeAsync(int generation, SiloEndpoint silo)
    {
        _silo.Subscribe(_run, generation, _range, silo);
        return Task.CompletedTask;
    }

    public Task<RangeGradient?> AwaitAsync(int generation, int step, TimeSpan patience) =>
        _silo.AwaitAsync(_run, generation, _range, step, patience);

    public Task<int[]> MissingAsync(int generation, int step) => Task.FromResult<int[]>([.. _silo.Missing(_run, generation, _range, step)]);

    // A grain's turn must be short, and updating a large range takes long, so it runs on a pool thread.
    public Task ApplyAsync(UpdateDecision decision) => Task.Run(() => _silo.Apply(_run, _range, decision));

    public Task SendAsync(int generation, int step, SiloEndpoint silo, bool moments) =>
        _silo.SendAsync(_run, generation, _range, step, silo, moments);

    public Task CloseAsync(int generation)
    {
        _silo.Close(_run, generation, _range);
        return Task.CompletedTask;
    }
}
