using VaeCluster.Evaluation.Reports.Metrics;

namespace VaeCluster.Sweeps.Reports;

/// <summary>The learning curve of a trial: its evaluations on held-out data, or its epochs, or its steps, whichever exist.</summary>
/// <param name="Source">The source, for example <c>validation</c>.</param>
/// <param name="Points">The points in order of steps, thinned.</param>
public sealed record TrialCourse(string Source, IReadOnlyList<MetricsPoint> Points)
{
    /// <summary>Reads a run's log.</summary>
    /// <param name="path">The run's metrics.jsonl.</param>
    /// <param name="most">The largest number of points.</param>
    /// <returns>Null if fewer than two points have been written.</returns>
    public static TrialCourse? Read(string path, int most)
    {
        MetricsHistory history = MetricsReader.Read(path);
        (string, IReadOnlyList<MetricsPoint>)[] sources =
            [("test", history.Test), ("validation", history.Validation), ("epoch mean", history.Epochs), ("step", history.Steps)];
        // A single point is not a curve: if the test split was evaluated only at the end, the epochs say more.
        (string name, IReadOnlyList<MetricsPoint> points) = sources.FirstOrDefault(source => source.Item2.Count > 1);
        return points is null ? null : new TrialCourse(name, Thin(points, most));
    }

    // Evenly spaced points, including the first and the last.
    private static IReadOnlyList<MetricsPoint> Thin(IReadOnlyList<MetricsPoint> points, int most) => points.Count <= most
        ? points
        : [.. Enumerable.Range(0, most).Select(i => points[(int)((long)i * (points.Count - 1) / (most - 1))])];
}
