using System.Text.Json;
using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>Drives runs on a cluster, one coordinator grain per run. Every server silo can answer for every run.</summary>
/// <param name="grains">Finds the runs' coordinator grains.</param>
/// <param name="log">Receives notices for the operator, one line each.</param>
public sealed class GrainRunHost(IGrainFactory grains, Action<string>? log) : IRunHost
{
    /// <inheritdoc/>
    public string? WhyClosed => null;

    /// <inheritdoc/>
    /// <remarks>The next heartbeat of any silo also notifies the coordinator; this call only makes it sooner.</remarks>
    public async Task LookAsync(string id)
    {
        try
        {
            await Coordinator(id).LookAsync();
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            log?.Invoke($"{id}: its coordinator cannot be reached yet: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <inheritdoc/>
    public async Task<int?> StepAsync(string id)
    {
        try
        {
            return (await Coordinator(id).ProgressAsync())?.Step;
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            return null; // moving to another silo; the caller reads the step from the files instead
        }
    }

    /// <inheritdoc/>
    public async Task<RunWorkers> WorkersAsync(string id)
    {
        try
        {
            return JsonSerializer.Deserialize<RunWorkers>(await Coordinator(id).WorkersAsync(), ApiJson.Options)!;
        }
        catch (Exception fault) when (fault is TimeoutException or OrleansException)
        {
            return RunWorkers.None;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Always null: the live weights are spread over the silos that hold the run's ranges, so pictures use the newest checkpoint.
    /// </remarks>
    public LiveWeights? Live(string id) => null;

    /// <inheritdoc/>
    public Task? EndOf(string id) => null;

    private ICoordinatorGrain Coordinator(string id) => grains.GetGrain<ICoordinatorGrain>(id);
}
