namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// Asynchronous successive halving (Li et al.: A system for massively parallel hyperparameter tuning. MLSys 2020) in its stopping form, as Ray Tune
/// and Optuna have it: a trial that reaches a rung (the epochs grace·reduction^k) goes on only if it is among the best 1/reduction of those that have
/// reached it so far. While a rung has seen fewer trials than that, only the best so far goes on. Nobody waits: with trials side by side, who came
/// first decides whom one is compared with.
/// </summary>
/// <param name="grace">The first rung.</param>
/// <param name="reduction">One of so many trials goes on.</param>
public sealed class AshaRule(int grace, int reduction) : IStopRule
{
    /// <inheritdoc/>
    public string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest)
    {
        int before = earlier.Where(own => own.Trial == latest.Trial).Select(own => own.Epoch).DefaultIfEmpty(0).Max();

        // Where evaluations are rarer than rungs, one of them may pass several: the highest decides.
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
        return rank >= places ? $"place {rank + 1} of {rivals.Length + 1} at epoch {rung}, where the best {places} go on" : null;
    }
}
