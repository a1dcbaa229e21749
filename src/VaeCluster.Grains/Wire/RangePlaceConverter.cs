using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="RangePlace"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class RangePlaceConverter : IConverter<RangePlace, RangePlaceSurrogate>
{
    public RangePlace ConvertFromSurrogate(in RangePlaceSurrogate surrogate) => new(surrogate.Range, surrogate.Site);

    public RangePlaceSurrogate ConvertToSurrogate(in RangePlace value) => new()
    {
        Range = value.Range,
        Site = value.Site,
    };
}
