using VaeCluster.Models.Engines;

namespace VaeCluster.Training.Measuring;

/// <summary>Which step is measured, and for how long.</summary>
public sealed record StepMeasurementOptions
{
    /// <summary>Model and images.</summary>
    public required Workload Workload { get; init; }

    /// <summary>The engine; it stays the caller's.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>Examples of a step; null: the workload's own.</summary>
    public int? Batch { get; init; }

    /// <summary>Logical shards.</summary>
    public int Shards { get; init; } = 4;

    /// <summary>Threads that compute.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Workers that share a batch.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Parameter ranges.</summary>
    public int Ranges { get; init; } = 1;

    /// <summary>At most this many steps are timed.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>No further step is timed after this long.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Steps before the timed ones go on at least this long: clock and compiler settle.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(0.7);
}
