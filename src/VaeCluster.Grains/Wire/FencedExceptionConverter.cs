using VaeCluster.Training.Checkpoints;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="FencedException"/> into what crosses the wire, and back.</summary>
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
