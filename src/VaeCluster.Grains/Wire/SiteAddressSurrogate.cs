using VaeCluster.Distributed.Membership;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="SiteAddress"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.SiteAddress")]
internal struct SiteAddressSurrogate
{
    /// <inheritdoc cref="SiteAddress.Host"/>
    [Id(0)]
    public string Host;

    /// <inheritdoc cref="SiteAddress.Port"/>
    [Id(1)]
    public int Port;
}
