namespace VaeCluster.Training.Workers;

/// <summary>A worker has gone; what it had finished counts, what it had not is given to others.</summary>
/// <param name="worker">The worker's name.</param>
public sealed class WorkerLostException(string worker) : Exception($"worker {worker} is lost");
