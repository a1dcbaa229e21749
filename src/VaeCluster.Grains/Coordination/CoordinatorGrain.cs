using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Distributed.Membership;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Grains.Coordination;

/// <summary>
/// Hosts a <see cref="RunDriver"/> while the store says that the run is in progress. That two activations may exist for a while is no harm: the
/// driver that took the newer generation is in charge, and the other can neither close a step nor publish.
/// </summary>
/// <param name="options">What drivers work with.</param>
[Reentrant]
internal sealed class CoordinatorGrain(CoordinatorOptions options) : Grain, ICoordinatorGrain, IDisposable
{
    private RunDriver? _driver;
    private readonly HashSet<string> _strangers = [];
    private Task _looking = Task.CompletedTask;

    private string Run => this.GetPrimaryKeyString();

    // A driver that is still in charge is disposed of at its end.
    public void Dispose()
    {
        if (_driver is { Ended.IsCompleted: true }) _driver.Dispose();
    }

    public Task BeatAsync(SiloBeat beat)
    {
        if (beat.Wire != SiloBeat.CurrentWire)
        {
            if (_strangers.Add(beat.Incarnation)) options.Driver.Log?.Invoke(NoticeOf(beat));
            return Task.CompletedTask;
        }

        if (_driver is { } driver) driver.Beat(beat);
        else if (_looking.IsCompleted) _looking = LookAsync();
        return Task.CompletedTask;
    }

    public async Task LookAsync()
    {
        StoredRun? run = await options.Driver.Store.FindAsync(Run, CancellationToken.None);
        if (run is null) return;
        if (_driver is { } known)
        {
            if (run.State.IsEnding()) known.Stop();
            return;
        }

        if (!run.State.IsInProgress()) return;
        var driver = new RunDriver(run, options.Catalog.Find(Run), options.Driver);
        if (!options.Drivers.TryAdd(driver))
        {
            // This silo is about to leave: the next activation may be on another one.
            driver.Dispose();
            DeactivateOnIdle();
            return;
        }

        _driver = driver;
        driver.Start();
        _ = LeaveAsync(driver);
    }

    public Task<RunProgress?> ProgressAsync() =>
        Task.FromResult(_driver is { } driver ? new RunProgress(driver.Step, [.. driver.Workers]) : null);

    public async Task<string> WorkersAsync() =>
        JsonSerializer.Serialize(_driver is { } driver ? await driver.WorkersAsync() : RunWorkers.None, ApiJson.Options);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_driver is not { } driver) return;
        driver.Yield();
        await driver.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private string NoticeOf(SiloBeat stranger) => FormattableString.Invariant(
        $"{Run}: silo {stranger.Name} gets no part: it speaks wire version {stranger.Wire}, this one {SiloBeat.CurrentWire}; run one version of VaeCluster on all silos");

    private async Task LeaveAsync(RunDriver driver)
    {
        await driver.Ended;
        options.Drivers.Remove(driver);
        driver.Dispose();
        _driver = null;
        DeactivateOnIdle();
    }
}
