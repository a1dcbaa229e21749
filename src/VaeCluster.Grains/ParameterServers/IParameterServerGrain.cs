using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.ParameterServers;

/// <summary>The parameter server of one range of a run. The key names the silo's incarnation, the run and the range.</summary>
[Alias("vaecluster.IParameterServerGrain")]
public interface IParameterServerGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IRangeLink.OpenAsync"/>
    [Alias("Open")]
    [ResponseTimeout("00:02:00")]
    Task OpenAsync(RangeOpening opening);

    /// <inheritdoc cref="IRangeLink.CommitAsync"/>
    [Alias("Commit")]
    [ResponseTimeout("00:02:00")]
    Task CommitAsync(int generation);

    /// <inheritdoc cref="IRangeLink.SubscribeAsync"/>
    [Alias("Subscribe")]
    [ResponseTimeout("00:00:03")]
    Task SubscribeAsync(int generation, SiloEndpoint silo);

    /// <inheritdoc cref="IRangeLink.AwaitAsync"/>
    [Alias("Await")]
    [ResponseTimeout("00:00:30")]
    Task<RangeGradient?> AwaitAsync(int generation, int step, TimeSpan patience);

    /// <inheritdoc cref="IRangeLink.MissingAsync"/>
    [Alias("Missing")]
    [ResponseTimeout("00:00:03")]
    Task<int[]> MissingAsync(int generation, int step);

    /// <inheritdoc cref="IRangeLink.ApplyAsync"/>
    [Alias("Apply")]
    [ResponseTimeout("00:00:30")]
    Task ApplyAsync(UpdateDecision decision);

    /// <inheritdoc cref="IRangeLink.SendAsync"/>
    [Alias("Send")]
    [ResponseTimeout("00:02:00")]
    Task SendAsync(int generation, int step, SiloEndpoint silo, bool moments);

    /// <inheritdoc cref="IRangeLink.CloseAsync"/>
    [Alias("Close")]
    [ResponseTimeout("00:00:03")]
    Task CloseAsync(int generation);
}
