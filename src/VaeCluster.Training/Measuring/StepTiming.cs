namespace VaeCluster.Training.Measuring;

/// <summary>What was measured of a step.</summary>
public sealed record StepTiming
{
    /// <summary>Name of the workload.</summary>
    public required string Workload { get; init; }

    /// <summary>Examples of a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Logical shards.</summary>
    public required int Shards { get; init; }

    /// <summary>Threads that computed.</summary>
    public required int Threads { get; init; }

    /// <summary>Workers that shared the batch.</summary>
    public required int Workers { get; init; }

    /// <summary>Steps that were timed.</summary>
    public required int Steps { get; init; }

    /// <summary>Milliseconds of a whole step.</summary>
    public required Percentiles Milliseconds { get; init; }

    /// <summary>Median milliseconds of reading, forward, backward and the tree.</summary>
    public required double GradientMilliseconds { get; init; }

    /// <summary>Median milliseconds of the update.</summary>
    public required double UpdateMilliseconds { get; init; }

    /// <summary>Bytes of managed memory allocated a step, over all threads.</summary>
    public required double AllocatedBytes { get; init; }

    /// <summary>Floating-point operations of a step: see <see cref="StepArithmetic"/>.</summary>
    public required double Flops { get; init; }

    /// <summary>Examples a second at the median step.</summary>
    public double SamplesPerSecond => Batch / (Milliseconds.Median / 1000);

    /// <summary>The time that the arithmetic alone takes.</summary>
    /// <param name="peak">Floating-point operations a second of one thread.</param>
    /// <returns>Milliseconds, with all threads at work.</returns>
    public double ArithmeticMilliseconds(double peak) => 1000 * Flops / (peak * Threads);

    /// <summary>The arithmetic's share of the step.</summary>
    /// <param name="peak">Floating-point operations a second of one thread.</param>
    public double ShareOfPeak(double peak) => ArithmeticMilliseconds(peak) / Milliseconds.Median;
}
