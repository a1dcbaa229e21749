using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VaeCluster.Silo.CommandLine;

/// <summary>Finds the address at which other machines reach this one when no option names it.</summary>
internal static class OwnAddress
{
    /// <summary>The first IPv4 address that is not the loopback, or the loopback if there is none.</summary>
    internal static IPAddress Find() =>
        (from network in NetworkInterface.GetAllNetworkInterfaces()
         where network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback
         orderby network.GetIPProperties().GatewayAddresses.Count == 0
         from unicast in network.GetIPProperties().UnicastAddresses
         where unicast.Address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(unicast.Address)
         select unicast.Address).FirstOrDefault(IPAddress.Loopback);
}
