using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="FencedException"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.FencedException")]
internal struct FencedExceptionSurrogate
{
    /// <inheritdoc cref="FencedException.Generation"/>
    [Id(0)]
    public int Generation;

    /// <inheritdoc cref="FencedException.Newest"/>
    [Id(1)]
    public int Newest;
}

[RegisterConverter]
internal sealed class FencedExceptionConverter : IConverter<FencedException, FencedExceptionSurrogate>
{
    public FencedException ConvertFromSurrogate(in FencedExceptionSurrogate surrogate) => new(surrogate.Generation, surrogate.Newest);

    public FencedExceptionSurrogate ConvertToSurrogate(in FencedException value) => new()
    {
        Generation = value.Generation,
        Newest = value.Newest,
    };
}
