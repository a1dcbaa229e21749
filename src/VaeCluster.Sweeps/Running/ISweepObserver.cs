using VaeCluster.Sweeps.Trials;

namespace VaeCluster.Sweeps.Running;

/// <summary>Watches a sweep; called from the threads of its trials, one call at a time, so it must be quick.</summary>
public interface ISweepObserver
{
    /// <summary>A trial began, or goes on.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="record">Where it stands.</param>
    void OnBegun(Trial trial, TrialRecord record);

    /// <summary>A trial was measured.</summary>
    /// <param name="record">Where it stands, with what was measured.</param>
    void OnMeasured(TrialRecord record);

    /// <summary>A trial ended: finished, stopped early or failed for good.</summary>
    /// <param name="record">The trial.</param>
    void OnEnded(TrialRecord record);

    /// <summary>Something a person should know that is no error.</summary>
    /// <param name="message">One line.</param>
    void OnNotice(string message);
}
