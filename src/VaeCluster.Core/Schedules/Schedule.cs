namespace VaeCluster.Core.Schedules;

/// <summary>A schedule given by a formula: (step, total steps) → factor.</summary>
internal sealed class Schedule(Func<int, int, double> formula) : ISchedule
{
    public double At(int step, int totalSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        return formula(step, totalSteps);
    }
}
