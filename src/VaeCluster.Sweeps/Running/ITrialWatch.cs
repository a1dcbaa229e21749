namespace VaeCluster.Sweeps.Running;

/// <summary>Watches one trial; called from the trial's own thread, so it must be quick.</summary>
public interface ITrialWatch
{
    /// <summary>Training begins or goes on.</summary>
    /// <param name="firstStep">The step that comes first.</param>
    /// <param name="totalSteps">Steps of the whole trial.</param>
    void OnBegun(int firstStep, int totalSteps);

    /// <summary>A step is done.</summary>
    /// <param name="step">Steps done.</param>
    void OnStep(int step);

    /// <summary>The trial was measured at the end of an epoch.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="scores">What was measured, by name.</param>
    /// <returns>Whether the trial goes on; if not it stops before its next step.</returns>
    bool OnMeasured(int epoch, int step, IReadOnlyDictionary<string, double> scores);

    /// <summary>Something a person should know that is no error.</summary>
    /// <param name="message">One line.</param>
    void OnNotice(string message);
}
