namespace VaeCluster.Service.Runs;

/// <summary>Where a worker's time went in the last steps; means a step, in seconds.</summary>
/// <param name="Name">The worker.</param>
/// <param name="Data">Reading examples and drawing noise.</param>
/// <param name="Compute">Forward and backward.</param>
/// <param name="Push">Handing gradients over.</param>
/// <param name="Wait">The rest of the step: waiting for others, for the update and for the new weights.</param>
/// <param name="IsStraggler">Whether its work takes at least half as long again as the median of all workers' does.</param>
public sealed record WorkerPhases(string Name, double Data, double Compute, double Push, double Wait, bool IsStraggler);
