using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="RangeOpening"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.RangeOpening")]
internal struct RangeOpeningSurrogate
{
    /// <inheritdoc cref="RangeOpening.Ticket"/>
    [Id(0)]
    public RunTicket Ticket;

    /// <inheritdoc cref="RangeOpening.Generation"/>
    [Id(1)]
    public int Generation;

    /// <inheritdoc cref="RangeOpening.Ranges"/>
    [Id(2)]
    public int Ranges;

    /// <inheritdoc cref="RangeOpening.Range"/>
    [Id(3)]
    public int Range;

    /// <inheritdoc cref="RangeOpening.Step"/>
    [Id(4)]
    public int Step;

    /// <inheritdoc cref="RangeOpening.Subscribers"/>
    [Id(5)]
    public SiteAddress[] Subscribers;

    /// <inheritdoc cref="RangeOpening.Coordinator"/>
    [Id(6)]
    public SiteAddress? Coordinator;
}
