using VaeCluster.Client;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;
using VaeCluster.Service.Tests.Laws;

namespace VaeCluster.Cluster.Tests.Laws;

/// <summary>The service on a standalone silo, through its grains.</summary>
public sealed class ClusterLawHost : LawHost
{
    private readonly SiloCluster _cluster = SiloCluster.Standalone();
    private ClusterClient? _client;

    public override string Folder => _cluster.Folder.Path;

    public override IRunService Runs => _client!.Runs;

    public override ISweepService Sweeps => _client!.Sweeps;

    public static async Task<LawHost> StartAsync()
    {
        var host = new ClusterLawHost();
        await host.RestartAsync();
        return host;
    }

    public override async Task RestartAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
            _cluster.Silos[^1].Terminate();
            await _cluster.Silos[^1].EndAsync();
        }

        await _cluster.AddAsync("--devices", "cpu:0,cpu:1");
        _client = await ClusterClient.ConnectAsync(new ClusterClientOptions
        {
            Gateways = [$"127.0.0.1:{_cluster.Gateways[^1]}"],
            Secret = _cluster.Secret,
            ClusterId = "vaecluster",
            ServiceId = "vaecluster",
            ConnectTimeout = TimeSpan.FromSeconds(15),
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        _cluster.Dispose();
    }
}
