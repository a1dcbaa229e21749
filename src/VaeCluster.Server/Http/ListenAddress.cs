using System.Net;
using Microsoft.AspNetCore.Http;
using VaeCluster.Core;

namespace VaeCluster.Server.Http;

/// <summary>Checks the addresses that a server listens on.</summary>
internal static class ListenAddress
{
    private const string Option = "--urls";

    /// <summary>Refuses an invalid address, and without a token also one that other machines could reach.</summary>
    /// <param name="url">The address.</param>
    /// <param name="hasToken">Whether callers need a token.</param>
    /// <returns>The address.</returns>
    /// <exception cref="BadInputException">The address is refused.</exception>
    internal static string Check(string url, bool hasToken)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException fault)
        {
            throw new BadInputException(Option, null, url, $"an address such as {ApiServerOptions.DefaultUrl}", fault);
        }

        if (address.Scheme != "http" || address.PathBase.Length > 0 || address.IsUnixPipe || address.IsNamedPipe)
            throw new BadInputException(Option, null, url,
                $"an address such as {ApiServerOptions.DefaultUrl} (for https, put a proxy in front)");
        if (!hasToken && !IsThisMachine(address.Host))
        {
            throw new BadInputException(
                Option, null, url, "a loopback address such as 127.0.0.1, unless a token is set (--token-file or VAECLUSTER_TOKEN)");
        }

        return url;
    }

    /// <summary>Whether a host name or address always means this machine.</summary>
    /// <param name="host">The host; an IPv6 address with or without brackets.</param>
    internal static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
