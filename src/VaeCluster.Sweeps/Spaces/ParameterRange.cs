namespace VaeCluster.Sweeps.Spaces;

/// <summary>The values between two bounds, both included.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="IsLog">Whether values are spread evenly over their logarithm.</param>
/// <param name="IsInteger">Whether only whole numbers are meant.</param>
/// <param name="Step">Distance of the values from <paramref name="Min"/> on; null: all of them (for whole numbers: 1).</param>
public sealed record ParameterRange(double Min, double Max, bool IsLog, bool IsInteger, double? Step);
