namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// The median stopping rule (Golovin et al.: Google Vizier. KDD 2017): a trial stops at an epoch if its best loss so far is worse than the
/// median of the other trials' mean losses up to that epoch.
/// </summary>
/// <param name="grace">Minimum number of epochs before a trial can be stopped.</param>
/// <param name="minTrials">Number of other trials that must have reached the epoch; with fewer, no trial is stopped.</param>
public sealed class MedianRule(int grace, int minTrials) : IStopRule
{
    /// <inheritdoc/>
    public string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest)
    {
        if (latest.Epoch < grace) return null;
        double[] means =
        [
            .. earlier.Where(other => other.Trial != latest.Trial).GroupBy(other => other.Trial)
                .Where(trial => trial.Any(other => other.Epoch >= latest.Epoch))
                .Select(trial => trial.Where(other => other.Epoch <= latest.Epoch)
                    .Select(other => other.Ranked).DefaultIfEmpty(double.PositiveInfinity).Average())
                .Order(),
        ];
        if (means.Length < minTrials) return null;
        double median = means.Length % 2 == 1 ? means[means.Length / 2] : (means[(means.Length / 2) - 1] + means[means.Length / 2]) / 2;
        double best = earlier.Where(own => own.Trial == latest.Trial
            && own.Epoch <= latest.Epoch).Select(own => own.Ranked).Append(latest.Ranked).Min();
        return best > median ? $"worse at epoch {latest.Epoch} than the median of {means.Length} other trials" : null;
    }
}
