using VaeCluster.Training.Steps;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="UpdateDecision"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class UpdateDecisionConverter : IConverter<UpdateDecision, UpdateDecisionSurrogate>
{
    public UpdateDecision ConvertFromSurrogate(in UpdateDecisionSurrogate surrogate) => new(surrogate.Generation, surrogate.Step, surrogate.Apply, surrogate.Update, surrogate.Trace);

    public UpdateDecisionSurrogate ConvertToSurrogate(in UpdateDecision value) => new()
    {
        Generation = value.Generation,
        Step = value.Step,
        Apply = value.Apply,
        Update = value.Update,
        Trace = value.Trace,
    };
}
