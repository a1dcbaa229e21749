using VaeCluster.Core;
using VaeCluster.Core.Schedules;
using VaeCluster.Core.Specs;
using VaeCluster.Models.Objectives;

namespace VaeCluster.Training.Runs;

/// <summary>
/// Decides whether a run may be given more epochs: whether every step that it has done would have been the same had it had them from the
/// beginning. Then the weights at the end are those of such a run, to the bit.
/// </summary>
internal static class EpochExtension
{
    /// <summary>Compares the schedules of both runs, step by step.</summary>
    /// <param name="before">The run as it began.</param>
    /// <param name="after">The run with more epochs.</param>
    /// <param name="objective">Its objective.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <exception cref="BadInputException">A schedule spreads over all epochs.</exception>
    internal static void Demand(RunSpec before, RunSpec after, Objective objective, int stepsPerEpoch)
    {
        int total = before.Training.Epochs * stepsPerEpoch, longer = after.Training.Epochs * stepsPerEpoch;
        ISchedule rate = LearningRateSchedules.Create(before.Training.Schedule), beta = BetaSchedules.Create(before.Objective.Schedule);
        Demand("training.schedule", before.Training.Schedule.Name, rate.At);
        Demand("objective.schedule", before.Objective.Schedule.Name, beta.At);
        Demand("objective.kind", before.Objective.Kind.Name, (step, steps) => objective.CapacityAt(step, steps) ?? 0);

        void Demand(string field, string value, Func<int, int, double> at)
        {
            for (int step = 0; step < total; step++)
            {
                (double was, double wanted) = (at(step, total), at(step, longer));
                if (was != wanted)
                {
                    string reason = FormattableString.Invariant(
                        $"it spreads over all epochs: at step {step + 1} it was {was:0.####}, and of {after.Training.Epochs} epochs {wanted:0.####}");
                    throw new BadInputException(
                        "--epochs", field, value, $"{reason}; start a new run from these weights instead (train RUNFILE --from RUN)");
                }
            }
        }
    }
}
