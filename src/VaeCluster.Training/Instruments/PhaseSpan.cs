namespace VaeCluster.Training.Instruments;

/// <summary>A phase of a step at one place, as the timeline of a run shows it.</summary>
/// <param name="Worker">The worker; null: the ranges, for all workers.</param>
/// <param name="Phase">The phase.</param>
/// <param name="Step">The step.</param>
/// <param name="Age">Seconds from its beginning to now.</param>
/// <param name="Seconds">How long it took.</param>
public readonly record struct PhaseSpan(string? Worker, StepPhase Phase, int Step, double Age, double Seconds);
