using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Grains.ParameterServers;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Coordination;

/// <summary>A link to a parameter server through its grain, whose key holds run and range.</summary>
/// <param name="grain">The grain.</param>
internal sealed class RangeLink(IParameterServerGrain grain) : IRangeLink
{
    public Task OpenAsync(RangeOpening opening) => grain.OpenAsync(opening);

    public Task CommitAsync(string run, int generation) => grain.CommitAsync(generation);

    public Task SubscribeAsync(string run, int generation, SiloEndpoint silo) => grain.SubscribeAsync(generation, silo);

    public Task<RangeGradient?> AwaitAsync(string run, int generation, int step, TimeSpan patience) =>
        grain.AwaitAsync(generation, step, patience);

    public async Task<IReadOnlyList<int>> MissingAsync(string run, int generation, int step) => await grain.MissingAsync(generation, step);

    public Task ApplyAsync(string run, UpdateDecision decision) => grain.ApplyAsync(decision);

    public Task SendAsync(string run, int generation, int step, SiloEndpoint silo, bool moments) =>
        grain.SendAsync(generation, step, silo, moments);

    public Task CloseAsync(string run, int generation) => grain.CloseAsync(generation);
}
