using System.Net.Security;
using System.Text;

namespace VaeCluster.Exchange;

/// <summary>How tensors are exchanged; the same for the listener and the senders of a silo.</summary>
public sealed record ExchangeOptions
{
    /// <summary>Longest cluster id or name, in bytes of UTF-8.</summary>
    public const int LongestName = 256;

    /// <summary>The cluster; peers of another one are refused.</summary>
    public required string ClusterId { get; init => field = Short(value); }

    /// <summary>Name of this silo, by which receivers know it.</summary>
    public required string Name { get; init => field = Short(value); }

    /// <summary>The cluster's secret; whoever cannot prove that it holds it is refused.</summary>
    public required ClusterSecret Secret { get; init; }

    /// <summary>Where this silo's own listener is, as host:port; empty: it has none.</summary>
    public string Endpoint { get; init => field = value.Length == 0 ? value : Short(value); } = "";

    /// <summary>Clock of <see cref="HandshakeLimit"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Time for connecting, TLS and the handshake together; whoever takes longer is cut off.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may take no byte before its connection counts as broken.</summary>
    public TimeSpan SendLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a peer may send no byte within a piece before its connection counts as broken.</summary>
    public TimeSpan FrameLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pause before a tensor is sent again.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The kernel's buffer for a socket and direction, in bytes; 0 leaves it to the kernel.</summary>
    public int SocketBuffer { get; init; } = 2 << 20;

    /// <summary>
    /// Bytes of memory to share with each peer of this machine, through which tensors go instead of the kernel's sockets; 0: none. With
    /// TLS, or where the peer cannot open the memory, nothing is shared.
    /// </summary>
    public int SharedMemory { get; init; }

    /// <summary>How many peers may be connected to the listener; further ones are closed at once.</summary>
    public int MostConnections { get; init; } = 1024;

    /// <summary>
    /// How many peers may be in the handshake with the listener at once; further ones are closed. Strangers get no further than this.
    /// </summary>
    public int MostHandshakes { get; init; } = 128;

    /// <summary>How many of <see cref="MostHandshakes"/> one address may have.</summary>
    public int MostHandshakesOfAddress { get; init; } = 32;

    /// <summary>
    /// TLS of the listener, asked anew for each connection, so that certificates can be changed; null: no TLS. With
    /// <see cref="SslServerAuthenticationOptions.ClientCertificateRequired"/> it is mutual.
    /// </summary>
    public Func<SslServerAuthenticationOptions>? ServerTls { get; init; }

    /// <summary>TLS of the senders, asked with the peer's host for each connection; null: no TLS.</summary>
    public Func<string, SslClientAuthenticationOptions>? ClientTls { get; init; }

    /// <summary>Told, in one line, of every connection that broke and why. Called on the exchange's threads.</summary>
    public Action<string>? Log { get; init; }

    private static string Short(string name) => Encoding.UTF8.GetByteCount(name) is > 0 and <= LongestName
        ? name
        : throw new ArgumentException($"cluster id and name have 1 to {LongestName} bytes");
}
