using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Connections.Security;
using VaeCluster.Core;
using VaeCluster.Grains.Runs;
using VaeCluster.Grains.Security;
using VaeCluster.Grains.Sweeps;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Client;

/// <summary>
/// A connection to a cluster of silos. <see cref="Runs"/> and <see cref="Sweeps"/> offer everything that the HTTP API does.
/// </summary>
public sealed class ClusterClient : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterClient(IHost host)
    {
        _host = host;
        var grains = host.Services.GetRequiredService<IClusterClient>();
        Runs = new RunServiceClient(grains.GetGrain<IRunsGrain>(0));
        Sweeps = new SweepServiceClient(grains.GetGrain<ISweepsGrain>(0));
    }

    /// <summary>Submits, lists, follows and changes runs.</summary>
    public IRunService Runs { get; }

    /// <summary>Submits, lists, follows and changes sweeps.</summary>
    public ISweepService Sweeps { get; }

    /// <summary>Connects to a cluster.</summary>
    /// <param name="options">How to reach the cluster.</param>
    /// <param name="cancellation">Ends the call early.</param>
    /// <exception cref="BadInputException">A gateway is not a valid address, or no gateway answers: they are down, wrong, or belong to
    /// another cluster, or the secret is not theirs.</exception>
    public static async Task<ClusterClient> ConnectAsync(ClusterClientOptions options, CancellationToken cancellation = default)
    {
        IPEndPoint[] gateways = [.. (await Task.WhenAll(options.Gateways.Select(gateway => ResolveAsync(gateway, cancellation))))
            .SelectMany(found => found)];
        IHost host = new HostBuilder().UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateways);
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.ClusterId;
                cluster.ServiceId = options.ServiceId;
            });
            if (options.Certificate is not null) client.UseTls(tls => Secure(tls, options));
            client.Configure<ClientConnectionOptions>(connections =>
                connections.ConfigureConnection(connection => connection.DialWithSecret(options.Secret)));
        }).Build();
        try
        {
            await host.StartAsync(cancellation).WaitAsync(options.ConnectTimeout, cancellation);
            return new ClusterClient(host);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            host.Dispose();
            throw new BadInputException(
                "cluster", "gateways", string.Join(", ", options.Gateways),
                $"gateways of a running cluster with the id '{options.ClusterId}' and this secret", fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task<IPEndPoint[]> ResolveAsync(string gateway, CancellationToken cancellation)
    {
        int colon = gateway.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(gateway.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > IPEndPoint.MaxPort)
            throw new BadInputException("cluster", "gateways", gateway, "host:port, such as 127.0.0.1:30000");
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(gateway[..colon], cancellation)).Select(address => new IPEndPoint(address, port))];
        }
        catch (System.Net.Sockets.SocketException fault)
        {
            throw new BadInputException("cluster", "gateways", gateway, "a host that can be found", fault);
        }
    }

    private static void Secure(TlsOptions tls, ClusterClientOptions options)
    {
        tls.LocalCertificate = options.Certificate;
        tls.OnAuthenticateAsClient = (_, client) => client.TargetHost = "vaecluster";
        if (options.Authority is not { } authority) return;
        tls.RemoteCertificateValidation = (certificate, _, _) =>
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            return chain.Build(certificate);
        };
    }
}
