using VaeCluster.Core.Specs;

namespace VaeCluster.Training.Runs;

/// <summary>What an observer is told when training begins.</summary>
/// <param name="Spec">The resolved run.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="FirstStep">The step that comes first, 1 for a fresh run.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Workers">Workers at the start.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Engine">The engine's arithmetic.</param>
/// <param name="Examples">Training examples; null: not known here.</param>
public sealed record RunStart(
    RunSpec Spec, RunFolder Folder, int FirstStep, int StepsPerEpoch, int TotalSteps,
    int Parameters, int Workers, int Threads, string Engine, int? Examples = null);
