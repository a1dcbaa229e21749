namespace VaeCluster.Training.Runs;

/// <summary>Percentiles of the time of a step, in milliseconds.</summary>
/// <param name="P50">Median.</param>
/// <param name="P90">Ninth decile.</param>
public sealed record StepTimes(double P50, double P90);
