using System.Security.Cryptography.X509Certificates;
using VaeCluster.Exchange;

namespace VaeCluster.Client;

/// <summary>How to reach a cluster.</summary>
public sealed record ClusterClientOptions
{
    /// <summary>Gateways of server silos, each <c>host:port</c>; one that answers is enough.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = ["127.0.0.1:30000"];

    /// <summary>The cluster id of the silos (<c>--cluster-id</c>).</summary>
    public string ClusterId { get; init; } = "vaecluster";

    /// <summary>The service id of the silos (<c>--service-id</c>).</summary>
    public string ServiceId { get; init; } = "vaecluster";

    /// <summary>
    /// The cluster's secret: of a standalone cluster in <c>cluster.secret</c> in its folder of runs, of another one in its database, or
    /// where <c>--cluster-secret-file</c> says. See <see cref="ClusterSecret.ReadFile"/>.
    /// </summary>
    public required ClusterSecret Secret { get; init; }

    /// <summary>The client's certificate, for a cluster that uses TLS; null for no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The authorities that may have signed the silos' certificates; used only with <see cref="Certificate"/>. Null for those that this
    /// machine trusts.
    /// </summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>How long to wait for the first answer of a gateway.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
