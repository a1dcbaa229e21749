using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Ports of this machine that nobody listens on, below those that the system hands out by itself.</summary>
internal static class TcpPorts
{
    /// <summary>One of them; nothing else of this machine gets it by chance.</summary>
    internal static int Unused()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
