using VaeCluster.Distributed.Membership;

namespace VaeCluster.Grains.Wire;

/// <summary>Turns a <see cref="SiteAddress"/> into what crosses the wire, and back.</summary>
[RegisterConverter]
internal sealed class SiteAddressConverter : IConverter<SiteAddress, SiteAddressSurrogate>
{
    public SiteAddress ConvertFromSurrogate(in SiteAddressSurrogate surrogate) => new(surrogate.Host, surrogate.Port);

    public SiteAddressSurrogate ConvertToSurrogate(in SiteAddress value) => new()
    {
        Host = value.Host,
        Port = value.Port,
    };
}
