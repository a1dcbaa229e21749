using VaeCluster.Core.Optimizers;

namespace VaeCluster.Training.Steps;

/// <summary>The coordinator's one decision of a step, sent to every range before any applies.</summary>
/// <param name="Generation">Incarnation that decided.</param>
/// <param name="Step">The step it closes.</param>
/// <param name="Apply">Whether the weights change; false where the step is skipped.</param>
/// <param name="Update">Scale, step size and count for the optimiser.</param>
/// <param name="Trace">The trace that the step belongs to, as an activity id of W3C; null: none.</param>
public readonly record struct UpdateDecision(int Generation, int Step, bool Apply, UpdateStep Update, string? Trace = null);
