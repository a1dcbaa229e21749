using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="RangeOpening"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class RangeOpeningConverter : IConverter<RangeOpening, RangeOpeningSurrogate>
{
    public RangeOpening ConvertFromSurrogate(in RangeOpeningSurrogate surrogate) => new(surrogate.Ticket, surrogate.Generation, surrogate.Ranges, surrogate.Range, surrogate.Step, surrogate.Subscribers, surrogate.Coordinator);

    public RangeOpeningSurrogate ConvertToSurrogate(in RangeOpening value) => new()
    {
        Ticket = value.Ticket,
        Generation = value.Generation,
        Ranges = value.Ranges,
        Range = value.Range,
        Step = value.Step,
        Subscribers = [.. value.Subscribers],
        Coordinator = value.Coordinator,
    };
}
