namespace VaeCluster.Service.Runs;

/// <summary>How a worker spent the last steps: means per step, in seconds.</summary>
/// <param name="Name">The worker.</param>
/// <param name="Data">Reading examples and drawing noise.</param>
/// <param name="Compute">Forward and backward.</param>
/// <param name="Push">Sending gradients.</param>
/// <param name="Wait">The rest of the step: waiting for others, for the update and for the new weights.</param>
/// <param name="IsStraggler">Whether its work takes at least 1.5 times the median of all workers.</param>
public sealed record WorkerPhases(string Name, double Data, double Compute, double Push, double Wait, bool IsStraggler);
