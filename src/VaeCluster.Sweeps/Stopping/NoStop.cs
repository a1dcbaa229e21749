namespace VaeCluster.Sweeps.Stopping;

/// <summary>No early stopping.</summary>
public sealed class NoStop : IStopRule
{
    /// <inheritdoc/>
    public string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest) => null;
}
