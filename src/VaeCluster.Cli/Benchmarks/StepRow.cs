namespace VaeCluster.Cli.Benchmarks;

/// <summary>One model's training step at one number of threads.</summary>
/// <param name="Model">Name of the workload.</param>
/// <param name="Batch">Examples of a step.</param>
/// <param name="Shards">Logical shards.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="MedianMilliseconds">Time of a step.</param>
/// <param name="P90Milliseconds">Nine tenths of the steps took less.</param>
/// <param name="SamplesPerSecond">Examples a second at the median.</param>
/// <param name="ShareOfPeak">Of what all these threads can do at most.</param>
/// <param name="AllocatedBytes">Managed memory allocated a step.</param>
internal sealed record StepRow(
    string Model, int Batch, int Shards, int Threads, double MedianMilliseconds, double P90Milliseconds, double SamplesPerSecond,
    double ShareOfPeak,
    double AllocatedBytes);
