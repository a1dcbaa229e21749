using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>Observes a sweep. Called from the threads of its trials, one call at a time, so methods must return quickly.</summary>
public interface ISweepObserver
{
    /// <summary>A trial started or resumed.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="record">Its current record.</param>
    void OnBegun(Trial trial, TrialRecord record);

    /// <summary>A trial was evaluated.</summary>
    /// <param name="record">Its current record, with the new scores.</param>
    void OnMeasured(TrialRecord record);

    /// <summary>A trial ended: finished, stopped early or failed permanently.</summary>
    /// <param name="record">Its final record.</param>
    void OnEnded(TrialRecord record);

    /// <summary>A message for the user that is not an error.</summary>
    /// <param name="message">One line.</param>
    void OnNotice(string message);
}
