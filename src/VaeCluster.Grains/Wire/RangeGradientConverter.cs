using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="RangeGradient"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class RangeGradientConverter : IConverter<RangeGradient, RangeGradientSurrogate>
{
    public RangeGradient ConvertFromSurrogate(in RangeGradientSurrogate surrogate) => new(surrogate.Terms, surrogate.Squares);

    public RangeGradientSurrogate ConvertToSurrogate(in RangeGradient value) => new()
    {
        Terms = value.Terms,
        Squares = value.Squares,
    };
}
