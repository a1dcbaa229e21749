using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="RunTicket"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.RunTicket")]
internal struct RunTicketSurrogate
{
    /// <inheritdoc cref="RunTicket.Id"/>
    [Id(0)]
    public string Id;

    /// <inheritdoc cref="RunTicket.Spec"/>
    [Id(1)]
    public string Spec;

    /// <inheritdoc cref="RunTicket.Fingerprint"/>
    [Id(2)]
    public string Fingerprint;
}
