namespace VaeCluster.Core.Schedules;

/// <summary>A schedule given by its formula.</summary>
/// <param name="formula">The factor from (step, total steps).</param>
internal sealed class Schedule(Func<int, int, double> formula) : ISchedule
{
    public double At(int step, int totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        return formula(step, totalSteps);
    }
}
