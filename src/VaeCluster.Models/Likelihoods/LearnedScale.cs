using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>
/// Fields shared by the likelihoods with a learned scale or variance. Not in <see cref="Likelihood"/> or the family, whose static tables
/// are built from the likelihoods' members.
/// </summary>
internal static class LearnedScale
{
    /// <summary>Keeps a learned scale from collapsing on pixels that never change.</summary>
    /// <param name="standard">The default, in units of the pixels' range [0, 1].</param>
    internal static FieldRule Floor(double standard) =>
        new("scaleFloor", FieldKind.Number, "lower bound of the learned scale of a pixel") { Default = standard, Min = 1e-6, Max = 1e6 };

    /// <summary>Keeps a learned variance from collapsing on pixels that never change.</summary>
    internal static FieldRule VarianceFloor { get; } =
        new("varianceFloor", FieldKind.Number, "lower bound of the variance of a pixel")
        {
            Default = 1e-4,
            Min = 0,
            AboveMin = true,
            Max = 1e6,
        };
}
