using System.Security.Cryptography.X509Certificates;

namespace VaeCluster.Client;

/// <summary>How to reach a cluster.</summary>
public sealed record ClusterClientOptions
{
    /// <summary>Gateways of server silos, <c>host:port</c>; one that answers is enough.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = ["127.0.0.1:30000"];

    /// <summary>The cluster's id, as the silos have it.</summary>
    public string ClusterId { get; init; } = "vaecluster";

    /// <summary>The service's id, as the silos have it.</summary>
    public string ServiceId { get; init; } = "vaecluster";

    /// <summary>The certificate that silos ask for, where the cluster uses TLS; null: no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Who must have signed the silos' certificates; only with <see cref="Certificate"/>. Null: whom this machine
    /// trusts.</summary>
    public X509Certificate2? Authority { get; init; }

    /// <summary>How long a first answer may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
