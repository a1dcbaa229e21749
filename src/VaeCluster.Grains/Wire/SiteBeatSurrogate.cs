using VaeCluster.Distributed.Membership;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="SiteBeat"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.SiteBeat")]
internal struct SiteBeatSurrogate
{
    /// <inheritdoc cref="SiteBeat.Wire"/>
    [Id(0)]
    public int Wire;

    /// <inheritdoc cref="SiteBeat.Silo"/>
    [Id(1)]
    public string Silo;

    /// <inheritdoc cref="SiteBeat.Name"/>
    [Id(2)]
    public string Name;

    /// <inheritdoc cref="SiteBeat.Exchange"/>
    [Id(3)]
    public SiteAddress Exchange;

    /// <inheritdoc cref="SiteBeat.ServesRanges"/>
    [Id(4)]
    public bool ServesRanges;

    /// <inheritdoc cref="SiteBeat.Devices"/>
    [Id(5)]
    public string[] Devices;

    /// <inheritdoc cref="SiteBeat.IsDraining"/>
    [Id(6)]
    public bool IsDraining;

    /// <inheritdoc cref="SiteBeat.Faults"/>
    [Id(7)]
    public Dictionary<string, string> Faults;
}
