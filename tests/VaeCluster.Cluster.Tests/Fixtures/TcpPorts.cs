using System.Net;
using System.Net.Sockets;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Unused ports of this machine, below the range from which the system assigns ports.</summary>
internal static class TcpPorts
{
    // A silo binds its ports some seconds after they were chosen; until then they look unused.
    private static readonly HashSet<int> Given = [];

    /// <summary>Reserves an unused port, which no other process will get by chance, and this one not again.</summary>
    internal static int Unused()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 30_000);
            lock (Given)
            {
                if (!Given.Add(port)) continue;
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // It is taken.
            }
        }
    }
}
