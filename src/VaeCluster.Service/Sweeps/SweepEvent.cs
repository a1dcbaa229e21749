namespace VaeCluster.Service.Sweeps;

/// <summary>A line of a sweep's log, sweep.jsonl, which records what was suggested, begun, measured, decided and ended.</summary>
/// <param name="Position">The line's number, from 1.</param>
/// <param name="Kind">
/// <c>suggestion</c>, <c>begin</c>, <c>score</c>, <c>failure</c>, <c>ranking</c>, <c>ended</c> (with the
/// <see cref="VaeCluster.Sweeps.Trials.TrialRecord"/> as <c>record</c>), <c>change</c> or
/// <c>finish</c>. A line about one trial has its index as <c>trial</c>.
/// </param>
/// <param name="Json">The JSON object in UTF-8, without the line break.</param>
public readonly record struct SweepEvent(long Position, string Kind, ReadOnlyMemory<byte> Json);
