using VaeCluster.Core.Optimizers;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="UpdateStep"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.UpdateStep")]
internal struct UpdateStepSurrogate
{
    /// <inheritdoc cref="UpdateStep.GradientScale"/>
    [Id(0)]
    public float GradientScale;

    /// <inheritdoc cref="UpdateStep.LearningRate"/>
    [Id(1)]
    public float LearningRate;

    /// <inheritdoc cref="UpdateStep.Update"/>
    [Id(2)]
    public int Update;
}

[RegisterConverter]
internal sealed class UpdateStepConverter : IConverter<UpdateStep, UpdateStepSurrogate>
{
    public UpdateStep ConvertFromSurrogate(in UpdateStepSurrogate surrogate) =>
        new(surrogate.GradientScale, surrogate.LearningRate, surrogate.Update);

    public UpdateStepSurrogate ConvertToSurrogate(in UpdateStep value) => new()
    {
        GradientScale = value.GradientScale,
        LearningRate = value.LearningRate,
        Update = value.Update,
    };
}
