using VaeCluster.Core.Optimizers;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="UpdateStep"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class UpdateStepConverter : IConverter<UpdateStep, UpdateStepSurrogate>
{
    public UpdateStep ConvertFromSurrogate(in UpdateStepSurrogate surrogate) => new(surrogate.GradientScale, surrogate.LearningRate, surrogate.Update);

    public UpdateStepSurrogate ConvertToSurrogate(in UpdateStep value) => new()
    {
        GradientScale = value.GradientScale,
        LearningRate = value.LearningRate,
        Update = value.Update,
    };
}
