using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Distributed.Membership;
using VaeCluster.Service.Runs;

namespace VaeCluster.Grains.Coordination;

/// <summary>A grain around a <see cref="RunDriver"/> that uses the silos of the cluster.</summary>
/// <param name="options">What a driver needs.</param>
[Reentrant]
internal sealed class CoordinatorGrain(CoordinatorOptions options) : Grain, ICoordinatorGrain
{
    private readonly HashSet<string> _strangers = [];
    private DriverSeat<RunDriver>? _seat;
    private Task _looking = Task.CompletedTask;

    private string Run => this.GetPrimaryKeyString();

    private DriverSeat<RunDriver> Seat =>
        _seat ??= new DriverSeat<RunDriver>(Run, options.Driver.Store, options.Drivers, Create, DeactivateOnIdle);

    private DistributedExecution? Execution => (DistributedExecution?)Seat.Driver?.Execution;

    public Task BeatAsync(SiloBeat beat)
    {
        if (beat.Wire != SiloBeat.CurrentWire)
        {
            if (_strangers.Add(beat.Incarnation)) options.Driver.Log?.Invoke(NoticeOf(beat));
            return Task.CompletedTask;
        }

        if (Execution is { } execution) execution.Beat(beat);
        else if (_looking.IsCompleted) _looking = LookAsync();
        return Task.CompletedTask;
    }

    public Task LookAsync() => Seat.LookAsync();

    public Task<RunProgress?> ProgressAsync() =>
        Task.FromResult(Seat.Driver is { } driver ? new RunProgress(driver.Step, [.. Execution!.Workers]) : null);

    public async Task<string> WorkersAsync() =>
        JsonSerializer.Serialize(Execution is { } execution ? await execution.WorkersAsync() : RunWorkers.None, ApiJson.Options);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Seat.YieldAsync(cancellationToken);

    private RunDriver Create(string run) =>
        new(run, options.Catalog.Find(run), new DistributedExecution(options.Execution, options.Driver.Time), options.Driver);

    private string NoticeOf(SiloBeat stranger) => FormattableString.Invariant(
        $"{Run}: silo {stranger.Name} is left out: its wire version is {stranger.Wire}, this silo's is {SiloBeat.CurrentWire}; run the same VaeCluster version on all silos");
}
