using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="StepPlan"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class StepPlanConverter : IConverter<StepPlan, StepPlanSurrogate>
{
    public StepPlan ConvertFromSurrogate(in StepPlanSurrogate surrogate) =>
        new(surrogate.Generation, surrogate.Step, surrogate.Epoch, surrogate.StepInEpoch, surrogate.Beta, surrogate.Capacity);

    public StepPlanSurrogate ConvertToSurrogate(in StepPlan value) => new()
    {
        Generation = value.Generation,
        Step = value.Step,
        Epoch = value.Epoch,
        StepInEpoch = value.StepInEpoch,
        Beta = value.Beta,
        Capacity = value.Capacity,
    };
}
