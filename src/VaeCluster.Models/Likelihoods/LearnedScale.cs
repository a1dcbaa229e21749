using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Likelihoods;

/// <summary>What the likelihoods with a learned scale share; a class of its own, since the family's table is made from their members.</summary>
internal static class LearnedScale
{
    /// <summary>The field that keeps a learned scale from collapsing on pixels that never change.</summary>
    /// <param name="standard">Its default, in units of the pixels' range [0, 1].</param>
    internal static FieldRule Floor(double standard) =>
        new("scaleFloor", FieldKind.Number, "smallest learned scale of a pixel that the likelihood uses") { Default = standard, Min = 1e-6, Max = 1e6 };
}
