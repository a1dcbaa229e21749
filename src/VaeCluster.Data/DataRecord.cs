using System.Text.Json.Serialization;

namespace VaeCluster.Data;

/// <summary>What the data of a run were when it began.</summary>
/// <param name="Training">The dataset's training images, before any are held out or left out.</param>
/// <param name="Validation">Its own validation images; null where it has none.</param>
/// <param name="Test">Its test images; null where it has none.</param>
public sealed record DataRecord(
    ImageSetRecord Training,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImageSetRecord? Validation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImageSetRecord? Test);
