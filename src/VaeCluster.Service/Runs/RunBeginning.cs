namespace VaeCluster.Service.Runs;

/// <summary>What is known of a run once training has begun or continued.</summary>
/// <param name="FirstStep">The first step to be done, 1 for a new run.</param>
/// <param name="StepsPerEpoch">Number of steps in an epoch.</param>
/// <param name="TotalSteps">Number of steps in the whole run.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Threads">Number of computing threads.</param>
/// <param name="Engine">The engine's arithmetic.</param>
public sealed record RunBeginning(int FirstStep, int StepsPerEpoch, int TotalSteps, int Parameters, int Threads, string Engine);
