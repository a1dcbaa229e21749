namespace VaeCluster.Training.Metrics;

/// <summary>A line of metrics.jsonl.</summary>
/// <param name="Position">Its place.</param>
/// <param name="Kind"><c>step</c>, <c>epoch</c> or <c>evaluation</c>.</param>
/// <param name="Json">The JSON object, UTF-8, without the line's end; it holds until the next line is asked for.</param>
public readonly record struct MetricsLine(MetricsPosition Position, string Kind, ReadOnlyMemory<byte> Json);
