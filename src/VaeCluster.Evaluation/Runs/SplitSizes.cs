using VaeCluster.Data;

namespace VaeCluster.Evaluation.Runs;

/// <summary>How many examples the splits of a run have.</summary>
/// <param name="Training">Training examples.</param>
/// <param name="Validation">Examples held out of them; null: none.</param>
/// <param name="Test">The data's own test examples; null: none.</param>
public sealed record SplitSizes(int Training, int? Validation, int? Test)
{
    /// <summary>The sizes of opened data.</summary>
    /// <param name="data">The data.</param>
    public static SplitSizes Of(DataSplits data) => new(data.Train.Count, data.Validation?.Count, data.Test?.Count);
}
