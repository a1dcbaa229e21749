using System.Text.Json;
using Orleans.Concurrency;
using VaeCluster.Sweeps.Running;
using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Grains.Sweeps;

/// <summary>A <see cref="SweepCharge"/> as a grain.</summary>
/// <param name="options">What keepers work with.</param>
[Reentrant]
internal sealed class SweepGrain(SweepOptions options) : Grain, ISweepGrain
{
    private SweepCharge? _charge;

    private SweepCharge Charge => _charge ??= new SweepCharge(this.GetPrimaryKeyString(), options, DeactivateOnIdle);

    public Task LookAsync() => Charge.LookAsync();

    // Compute and files are not for the grain's scheduler.
    public Task<bool> ChangeAsync(string[] overrides) => Charge.Keeper is { } keeper ? Task.Run(() => keeper.TryChange(overrides)) : Task.FromResult(false);

    public Task<string?> SummaryAsync()
    {
        SweepSummary? summary = Charge.Keeper?.Summary;
        return Task.FromResult(summary is null ? null : JsonSerializer.Serialize(summary, SweepJson.Line));
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (Charge.Keeper is not { } keeper) return;
        keeper.Yield();
        await keeper.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
