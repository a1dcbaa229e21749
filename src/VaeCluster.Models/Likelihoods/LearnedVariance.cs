using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>What the likelihoods with a learned variance share; a class of its own, since the family's table is made from their members.</summary>
internal static class LearnedVariance
{
    /// <summary>The field that keeps a learned variance from collapsing on pixels that never change.</summary>
    internal static FieldRule Floor { get; } =
        new("varianceFloor", FieldKind.Number, "smallest variance of a pixel that the likelihood uses") { Default = 1e-4, Min = 0, AboveMin = true, Max = 1e6 };
}
