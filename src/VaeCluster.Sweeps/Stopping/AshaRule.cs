namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// Asynchronous successive halving (Li et al.: A system for massively parallel hyperparameter tuning. MLSys 2020) in its stopping variant,
/// as in Ray Tune and Optuna: a trial that reaches a rung (the epochs grace·reduction^k) continues only if it is among the best 1/reduction
/// of the trials that have reached the rung so far. While fewer than reduction trials have reached it, only the best so far continues.
/// Trials never wait for others, so with parallel trials the result depends on the order in which they reach a rung.
/// </summary>
/// <param name="grace">The epoch of the first rung.</param>
/// <param name="reduction">One in this many trials continues.</param>
public sealed class AshaRule(int grace, int reduction) : IStopRule
{
    /// <inheritdoc/>
    public string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest)
    {
        int before = earlier.Where(own => own.Trial == latest.Trial).Select(own => own.Epoch).DefaultIfEmpty(0).Max();

        // If evaluations are less frequent than rungs, one evaluation may pass several rungs; the highest counts.
        long rung = 0;
        for (long next = grace; next <= latest.Epoch; next *= reduction)
            if (next > before) rung = next;
        if (rung == 0) return null;

        double[] rivals =
        [
            .. earlier.Where(other => other.Trial != latest.Trial && other.Epoch >= rung).GroupBy(other => other.Trial)
                .Select(trial => trial.MinBy(other => other.Epoch).Ranked),
        ];
        int places = Math.Max(1, (rivals.Length + 1) / reduction);
        int rank = rivals.Count(rival => rival <= latest.Ranked);
        return rank >= places ? $"rank {rank + 1} of {rivals.Length + 1} at epoch {rung}; only the best {places} continue" : null;
    }
}
