using VaeCluster.Core.Parameters;
using VaeCluster.Distributed.Membership;
using VaeCluster.Distributed.Messages;

namespace VaeCluster.Grains.Wire;

/// <summary>How a <see cref="RangePlace"/> crosses the wire. Ids are never used again for anything else.</summary>
[GenerateSerializer]
[Alias("vaecluster.RangePlace")]
internal struct RangePlaceSurrogate
{
    /// <inheritdoc cref="RangePlace.Range"/>
    [Id(0)]
    public BlockRange Range;

    /// <inheritdoc cref="RangePlace.Site"/>
    [Id(1)]
    public SiteAddress Site;
}
