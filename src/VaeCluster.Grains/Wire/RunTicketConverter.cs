using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="RunTicket"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class RunTicketConverter : IConverter<RunTicket, RunTicketSurrogate>
{
    public RunTicket ConvertFromSurrogate(in RunTicketSurrogate surrogate) => new(surrogate.Id, surrogate.Spec, surrogate.Fingerprint);

    public RunTicketSurrogate ConvertToSurrogate(in RunTicket value) => new()
    {
        Id = value.Id,
        Spec = value.Spec,
        Fingerprint = value.Fingerprint,
    };
}
