using VaeCluster.Core.Specs;

namespace VaeCluster.Models.Objectives;

/// <summary>The field that says of which KL an objective speaks: of the batch's mean, or of each example's.</summary>
internal static class KlScope
{
    internal const string BatchMean = "batch-mean";

    /// <summary>The field <c>of</c>.</summary>
    /// <param name="what">What is applied to it.</param>
    internal static FieldRule Field(string what) => new(
        "of", FieldKind.Text, $"whether {what} the KL's mean over the batch or to each example's KL")
    { Default = BatchMean, Words = [BatchMean, "example"] };
}
