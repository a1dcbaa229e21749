using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="StepPlan"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.StepPlan")]
internal struct StepPlanSurrogate
{
    /// <inheritdoc cref="StepPlan.Generation"/>
    [Id(0)]
    public int Generation;

    /// <inheritdoc cref="StepPlan.Step"/>
    [Id(1)]
    public int Step;

    /// <inheritdoc cref="StepPlan.Epoch"/>
    [Id(2)]
    public int Epoch;

    /// <inheritdoc cref="StepPlan.StepInEpoch"/>
    [Id(3)]
    public int StepInEpoch;

    /// <inheritdoc cref="StepPlan.Beta"/>
    [Id(4)]
    public float Beta;

    /// <inheritdoc cref="StepPlan.Capacity"/>
    [Id(5)]
    public float Capacity;
}

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
