using System.Net;

namespace VaeCluster.Server.Http;

/// <summary>Groups the addresses of one client, for limits per client.</summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>The address that stands for a client.</summary>
    /// <param name="address">
    /// Its address; null if unknown. Of an IPv6 address only the first 64 bits count, since a client usually has all that follow.
    /// </param>
    internal static IPAddress GroupOf(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address)) return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }
}
