namespace VaeCluster.Sweeps.Stopping;

/// <summary>Every trial trains to its end.</summary>
public sealed class NoStop : IStopRule
{
    /// <inheritdoc/>
    public string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest) => null;
}
