using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.Wire;

/// <summary>Wire format of <see cref="StaleGenerationException"/>. An id is never reused for another member.</summary>
[GenerateSerializer]
[Alias("vaecluster.StaleGenerationException")]
internal struct StaleGenerationExceptionSurrogate
{
    /// <inheritdoc cref="StaleGenerationException.Generation"/>
    [Id(0)]
    public int Generation;

    /// <inheritdoc cref="StaleGenerationException.Newest"/>
    [Id(1)]
    public int Newest;
}

[RegisterConverter]
internal sealed class StaleGenerationExceptionConverter : IConverter<StaleGenerationException, StaleGenerationExceptionSurrogate>
{
    public StaleGenerationException ConvertFromSurrogate(in StaleGenerationExceptionSurrogate surrogate) =>
        new(surrogate.Generation, surrogate.Newest);

    public StaleGenerationExceptionSurrogate ConvertToSurrogate(in StaleGenerationException value) => new()
    {
        Generation = value.Generation,
        Newest = value.Newest,
    };
}
