using VaeCluster.Distributed.Membership;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="SiteBeat"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class SiteBeatConverter : IConverter<SiteBeat, SiteBeatSurrogate>
{
    public SiteBeat ConvertFromSurrogate(in SiteBeatSurrogate surrogate) => new()
    {
        Wire = surrogate.Wire,
        Silo = surrogate.Silo,
        Name = surrogate.Name,
        Exchange = surrogate.Exchange,
        ServesRanges = surrogate.ServesRanges,
        Devices = surrogate.Devices,
        IsDraining = surrogate.IsDraining,
        Faults = surrogate.Faults,
    };

    public SiteBeatSurrogate ConvertToSurrogate(in SiteBeat value) => new()
    {
        Wire = value.Wire,
        Silo = value.Silo,
        Name = value.Name,
        Exchange = value.Exchange,
        ServesRanges = value.ServesRanges,
        Devices = [.. value.Devices],
        IsDraining = value.IsDraining,
        Faults = new Dictionary<string, string>(value.Faults),
    };
}
