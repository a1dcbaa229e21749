using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Objectives;

/// <summary>The field that selects to which KL an objective's rule applies: the mean over the batch, or each example's.</summary>
internal static class KlScope
{
    internal const string BatchMean = "batch-mean";

    /// <summary>The field <c>of</c>.</summary>
    /// <param name="what">Subject and verb, for example "the maximum applies to".</param>
    internal static FieldRule Field(string what) => new(
        "of", FieldKind.Text, $"whether {what} the mean KL of the batch or each example's KL")
    { Default = BatchMean, Words = [BatchMean, "example"] };
}
