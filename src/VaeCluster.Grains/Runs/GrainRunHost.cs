using System.Text.Json;
using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Runs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Grains.Runs;

/// <summary>Drives runs on a cluster: a coordinator's grain is in charge of each. Any silo that serves answers for any run.</summary>
/// <param name="grains">Finds coordinators.</param>
/// <param name="log">Told what a person should know, in one line each.</param>
public sealed class GrainRunHost(IGrainFactory grains, Action<string>? log) : IRunHost
{
    /// <inheritdoc/>
    public string? WhyClosed => null;

    /// <inheritdoc/>
    /// <remarks>The next beat of any silo tells the coordinator too; this is only sooner.</remarks>
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
            return null; // it moves to another silo just now: the files tell the step
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
    /// <remarks>They lie on the silos of the run's ranges, whichever those are: pictures are made with the newest checkpoint.</remarks>
    public LiveWeights? Live(string id) => null;

    /// <inheritdoc/>
    public Task? EndOf(string id) => null;

    private ICoordinatorGrain Coordinator(string id) => grains.GetGrain<ICoordinatorGrain>(id);
}
