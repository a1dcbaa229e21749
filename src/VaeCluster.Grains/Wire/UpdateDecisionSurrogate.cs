using VaeCluster.Core.Optimizers;
using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="UpdateDecision"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.UpdateDecision")]
internal struct UpdateDecisionSurrogate
{
    /// <inheritdoc cref="UpdateDecision.Generation"/>
    [Id(0)]
    public int Generation;

    /// <inheritdoc cref="UpdateDecision.Step"/>
    [Id(1)]
    public int Step;

    /// <inheritdoc cref="UpdateDecision.Apply"/>
    [Id(2)]
    public bool Apply;

    /// <inheritdoc cref="UpdateDecision.Update"/>
    [Id(3)]
    public UpdateStep Update;

    /// <inheritdoc cref="UpdateDecision.Trace"/>
    [Id(4)]
    public string? Trace;
}

[RegisterConverter]
internal sealed class UpdateDecisionConverter : IConverter<UpdateDecision, UpdateDecisionSurrogate>
{
    public UpdateDecision ConvertFromSurrogate(in UpdateDecisionSurrogate surrogate) =>
        new(surrogate.Generation, surrogate.Step, surrogate.Apply, surrogate.Update, surrogate.Trace);

    public UpdateDecisionSurrogate ConvertToSurrogate(in UpdateDecision value) => new()
    {
        Generation = value.Generation,
        Step = value.Step,
        Apply = value.Apply,
        Update = value.Update,
        Trace = value.Trace,
    };
}
