using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Grains.Coordination;
using VaeCluster.Service.Sweeps;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Grains.Sweeps;

/// <summary>A <see cref="SweepKeeper"/> as a grain.</summary>
/// <param name="options">What a keeper needs.</param>
[Reentrant]
internal sealed class SweepGrain(SweepOptions options) : Grain, ISweepGrain
{
    private DriverSeat<SweepKeeper>? _seat;

    private DriverSeat<SweepKeeper> Seat => _seat ??= options.SeatOf(this.GetPrimaryKeyString(), DeactivateOnIdle);

    public Task LookAsync() => Seat.LookAsync();

    // Keep computation and file access off the grain's scheduler.
    public Task<bool> ChangeAsync(string[] overrides) =>
        Seat.Driver is { } keeper ? Task.Run(() => keeper.TryChange(overrides)) : Task.FromResult(false);

    public Task<string?> SummaryAsync()
    {
        SweepSummary? summary = Seat.Driver?.Summary;
        return Task.FromResult(summary is null ? null : JsonSerializer.Serialize(summary, SweepJson.Line));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        Seat.YieldAsync(cancellationToken);
}
