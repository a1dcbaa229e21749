namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// The median rule (Golovin et al.: Google Vizier. KDD 2017): a trial stops at an epoch where the best that it has reached is worse than the median
/// of the others' means over their epochs up to there.
/// </summary>
/// <param name="grace">Epochs that every trial trains.</param>
/// <param name="minTrials">Others that must have come as far; with fewer nothing is known to compare with.</param>
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
                .Select(trial => trial.Where(other => other.Epoch <= latest.Epoch).Select(other => other.Ranked).DefaultIfEmpty(double.PositiveInfinity).Average())
                .Order(),
        ];
        if (means.Length < minTrials) return null;
        double median = means.Length % 2 == 1 ? means[means.Length / 2] : (means[(means.Length / 2) - 1] + means[means.Length / 2]) / 2;
        double best = earlier.Where(own => own.Trial == latest.Trial && own.Epoch <= latest.Epoch).Select(own => own.Ranked).Append(latest.Ranked).Min();
        return best > median ? $"worse at epoch {latest.Epoch} than the median of {means.Length} other trials" : null;
    }
}
