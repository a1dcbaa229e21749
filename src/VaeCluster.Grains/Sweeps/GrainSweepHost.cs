using System.Text.Json;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Grains.Sweeps;

/// <summary>Drives sweeps on a cluster: a grain is in charge of each. Any silo that serves answers for any sweep.</summary>
/// <param name="grains">Finds the grains in charge.</param>
/// <param name="log">Told what a person should know, in one line each.</param>
public sealed class GrainSweepHost(IGrainFactory grains, Action<string>? log) : ISweepHost
{
    /// <inheritdoc/>
    public string? WhyClosed => null;

    /// <inheritdoc/>
    /// <remarks>The next look of any silo tells the grain too; this is only sooner.</remarks>
    public async Task LookAsync(string id)
    {
        try
        {
            await Sweep(id).LookAsync();
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            log?.Invoke($"{id}: whoever is in charge of it cannot be reached yet: {fault.Message.ReplaceLineEndings(" ")}");
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
            return null; // it moves to another silo just now: the files tell where it stands
        }
    }

    /// <inheritdoc/>
    public Task<bool> ChangeAsync(string id, IReadOnlyList<string> overrides) => Sweep(id).ChangeAsync([.. overrides]);

    /// <inheritdoc/>
    public Task? EndOf(string id) => null;

    private ISweepGrain Sweep(string id) => grains.GetGrain<ISweepGrain>(id);
}
