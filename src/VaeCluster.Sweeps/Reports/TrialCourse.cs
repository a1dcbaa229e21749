using VaeCluster.Evaluation.Reports.Metrics;

namespace VaeCluster.Sweeps.Reports;

/// <summary>The course of a trial: of its evaluations on held-out data, else of its epochs, else of its steps.</summary>
/// <param name="Source">Which of them, for example <c>validation</c>.</param>
/// <param name="Points">In order of steps, thinned.</param>
public sealed record TrialCourse(string Source, IReadOnlyList<MetricsPoint> Points)
{
    /// <summary>Reads a run's log.</summary>
    /// <param name="path">Its metrics.jsonl.</param>
    /// <param name="most">At most so many points.</param>
    /// <returns>Null: nothing is written yet.</returns>
    public static TrialCourse? Read(string path, int most)
    {
        MetricsHistory history = MetricsReader.Read(path);
        (string, IReadOnlyList<MetricsPoint>)[] sources =
            [("test", history.Test), ("validation", history.Validation), ("epoch mean", history.Epochs), ("step", history.Steps)];
        // A single point is no curve; a test at the end alone says less than the epochs before it.
        (string name, IReadOnlyList<MetricsPoint> points) = sources.FirstOrDefault(source => source.Item2.Count > 1);
        return points is null ? null : new TrialCourse(name, Thin(points, most));
    }

    // The first, the last, and what lies evenly between.
    private static IReadOnlyList<MetricsPoint> Thin(IReadOnlyList<MetricsPoint> points, int most) => points.Count <= most
        ? points
        : [.. Enumerable.Range(0, most).Select(i => points[(int)((long)i * (points.Count - 1) / (most - 1))])];
}
