namespace VaeCluster.Service.Runs;

/// <summary>What is known of a run once training begins or goes on.</summary>
/// <param name="FirstStep">The step that comes first, 1 for a fresh run.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Engine">The engine's arithmetic.</param>
public sealed record RunBeginning(int FirstStep, int StepsPerEpoch, int TotalSteps, int Parameters, int Threads, string Engine);
