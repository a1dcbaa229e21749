namespace VaeCluster.Sweeps.Trials;

/// <summary>Trials of a sweep that can be ranked among each other, where not all can.</summary>
/// <param name="Name">A letter: <c>A</c> for the group of the first trial, and so on.</param>
/// <param name="Basis">What its trials have in common and the other groups have not, for example
/// <c>model.likelihood bernoulli</c>.</param>
/// <param name="Trials">Its trials that have started, by index.</param>
/// <param name="Best">The best of them; see <see cref="SweepSummary.Best"/>.</param>
/// <param name="Front">Those of them on the Pareto front; see <see cref="SweepSummary.Front"/>.</param>
public sealed record TrialGroup(string Name, string Basis, IReadOnlyList<int> Trials, int? Best, IReadOnlyList<int> Front);
