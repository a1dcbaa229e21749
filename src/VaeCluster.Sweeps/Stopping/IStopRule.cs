namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// Decides whether a trial goes on, from what was measured before: a pure function of the measurements in their order, so that a resumed sweep,
/// which has them in its log, decides alike.
/// </summary>
public interface IStopRule
{
    /// <summary>Decides about the trial of a new measurement.</summary>
    /// <param name="earlier">The measurements so far, in the order of their arrival.</param>
    /// <param name="latest">The new one.</param>
    /// <returns>Why the trial stops, in a few words; null: it goes on.</returns>
    string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest);
}
