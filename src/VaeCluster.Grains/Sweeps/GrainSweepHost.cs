using System.Text.Json;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Grains.Sweeps;

/// <summary>Drives sweeps on a cluster, one grain per sweep. Every server silo can answer for every sweep.</summary>
/// <param name="grains">Finds the sweeps' grains.</param>
/// <param name="log">Receives notices for the operator, one line each.</param>
public sealed class GrainSweepHost(IGrainFactory grains, Action<string>? log) : ISweepHost
{
    /// <inheritdoc/>
    public string? WhyClosed => null;

    /// <inheritdoc/>
    /// <remarks>Silos also notify the grain about once a second; this call only makes it sooner.</remarks>
    public async Task LookAsync(string id)
    {
        try
        {
            await Sweep(id).LookAsync();
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            log?.Invoke($"{id}: the grain that drives it cannot be reached yet: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <inheritdoc/>
    public async Task<SweepSummary?> SummaryAsync(string id)
    {
        try
        {
            return await Sweep(id).SummaryAsync() is { } json ? JsonSerializer.Deserialize<SweepSummary>(json, SweepJson.Line) : null;
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            return null; // moving to another silo; the caller reads the files instead
        }
    }

    /// <inheritdoc/>
    public Task<bool> ChangeAsync(string id, IReadOnlyList<string> overrides) => Sweep(id).ChangeAsync([.. overrides]);

    /// <inheritdoc/>
    public Task? EndOf(string id) => null;

    private ISweepGrain Sweep(string id) => grains.GetGrain<ISweepGrain>(id);
}
