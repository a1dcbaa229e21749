namespace VaeCluster.Sweeps.Stopping;

/// <summary>
/// Decides whether a trial is stopped early. The decision is a pure function of the ordered measurements, so that a resumed sweep, which
/// reads them from its log, makes the same decisions.
/// </summary>
public interface IStopRule
{
    /// <summary>Decides about the trial of a new measurement.</summary>
    /// <param name="earlier">The measurements so far, in order of arrival.</param>
    /// <param name="latest">The new measurement.</param>
    /// <returns>Why the trial stops, in a few words; null if it continues.</returns>
    string? WhyStop(IReadOnlyList<Measurement> earlier, Measurement latest);
}
