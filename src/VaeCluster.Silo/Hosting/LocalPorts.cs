using System.Net;
using System.Net.Sockets;
using VaeCluster.Core;
using VaeCluster.Silo.Options;

namespace VaeCluster.Silo.Hosting;

/// <summary>Chooses free ports.</summary>
/// <param name="listens">The address to listen on.</param>
/// <param name="mayMove">Whether the next free port may replace a default one.</param>
internal sealed class LocalPorts(IPAddress listens, bool mayMove)
{
    private const int Furthest = 100;

    private readonly HashSet<int> _chosen = [];

    /// <summary>The port to use.</summary>
    /// <param name="setting">The wanted port.</param>
    /// <exception cref="BadInputException">The port is taken, or the address cannot be listened on.</exception>
    internal int Choose(PortSetting setting)
    {
        for (int port = setting.Port; port < setting.Port + Furthest && port <= IPEndPoint.MaxPort; port++)
        {
            if (!_chosen.Contains(port) && IsFree(port, setting))
            {
                _chosen.Add(port);
                return port;
            }

            if (setting.IsGiven || !mayMove) break;
        }

        throw new BadInputException(setting.Source, null, FormattableString.Invariant($"{setting.Port}"),
            "a free port on this machine");
    }

    private bool IsFree(int port, PortSetting setting)
    {
        try
        {
            using var listener = new TcpListener(listens, port);
            listener.Start();
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new BadInputException("--address", null, $"{listens}", "an address of this machine", fault);
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AccessDenied && setting.IsGiven)
        {
            throw new BadInputException(setting.Source, null, FormattableString.Invariant($"{port}"),
                "a port that this user may listen on", fault);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
