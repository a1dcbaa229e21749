namespace VaeCluster.Training.Metrics.Curves;

/// <summary>A run's metrics in few points. Each point is [step, value]; where a value was not finite there is none.</summary>
/// <param name="Step">The last step that the curves hold.</param>
/// <param name="Steps">By name, of each step: loss, elbo, reconstruction, kl, gradientNorm, samplesPerSecond, learningRate.</param>
/// <param name="Validation">By name, of evaluations on held-out training data: elbo, reconstruction, kl.</param>
/// <param name="Test">By name, of evaluations on the test split.</param>
/// <param name="Latest">The values of the last step by name; empty before the first.</param>
/// <param name="KlPerDimension">KL of each latent dimension in the last evaluation, nats per example; null before the first.</param>
public sealed record RunCurve(
    int Step, IReadOnlyDictionary<string, double[][]> Steps, IReadOnlyDictionary<string, double[][]> Validation,
    IReadOnlyDictionary<string, double[][]> Test, IReadOnlyDictionary<string, double> Latest, IReadOnlyList<double>? KlPerDimension);
