namespace VaeCluster.Core.Schedules;

/// <summary>A factor that changes over the steps of a run: a pure function, so that a resumed run continues exactly where it was.</summary>
public interface ISchedule
{
    /// <summary>The factor of one step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">Number of steps of the whole run, at least 1.</param>
    double At(int step, int totalSteps);
}
