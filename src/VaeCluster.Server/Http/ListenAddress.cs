using System.Net;
using Microsoft.AspNetCore.Http;
using VaeCluster.Core;

namespace VaeCluster.Server.Http;

/// <summary>Checks where a server is told to listen.</summary>
internal static class ListenAddress
{
    private const string Option = "--urls";

    /// <summary>Refuses what is no address, and without a token what others than this machine could reach.</summary>
    /// <param name="url">The address.</param>
    /// <param name="hasToken">Whether callers must have a token.</param>
    /// <returns>The address.</returns>
    /// <exception cref="BadInputException">It is refused.</exception>
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
                Option, null, url, "an address of this machine alone, such as 127.0.0.1, unless a token is set (--token-file or VAECLUSTER_TOKEN)");
        }

        return url;
    }

    /// <summary>Whether a host's name or address can only mean the machine itself.</summary>
    /// <param name="host">The host, an address of version 6 with or without brackets.</param>
    internal static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
