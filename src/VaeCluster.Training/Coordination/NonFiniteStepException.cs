using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Coordination;

/// <summary>A step whose loss or gradient is not finite, under a policy that ends the run.</summary>
/// <param name="step">Number of the step.</param>
/// <param name="shards">The shards at fault.</param>
/// <param name="remedy">What to do.</param>
public sealed class NonFiniteStepException(int step, IReadOnlyList<NonFiniteShard> shards, string remedy)
    : DivergedException(
        $"step {step} is not finite: {(shards.Count == 0 ? "the sum over all shards overflows" : string.Join("; ", shards))}; {remedy}")
{
    /// <summary>Number of the step.</summary>
    public int Step { get; } = step;

    /// <summary>The shards at fault.</summary>
    public IReadOnlyList<NonFiniteShard> Shards { get; } = shards;
}
