namespace VaeCluster.Sweeps.Running;

/// <summary>Observes one trial. Called from the trial's own thread, so methods must return quickly.</summary>
public interface ITrialWatch
{
    /// <summary>Training started or resumed.</summary>
    /// <param name="firstStep">The first step to train, from 1.</param>
    /// <param name="totalSteps">Total steps of the trial.</param>
    void OnBegun(int firstStep, int totalSteps);

    /// <summary>A step was completed.</summary>
    /// <param name="step">Steps done.</param>
    void OnStep(int step);

    /// <summary>The trial was evaluated at the end of an epoch.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="scores">The scores by name.</param>
    /// <returns>Whether the trial continues; if false it stops before its next step.</returns>
    bool OnMeasured(int epoch, int step, IReadOnlyDictionary<string, double> scores);

    /// <summary>A message for the user that is not an error.</summary>
    /// <param name="message">One line.</param>
    void OnNotice(string message);
}
