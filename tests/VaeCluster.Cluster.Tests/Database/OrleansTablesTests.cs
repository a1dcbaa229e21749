using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Silo.Database;
using VaeCluster.Tests.Shared;

namespace VaeCluster.Cluster.Tests.Database;

/// <summary>Orleans' own provider of membership on the tables that the migration makes.</summary>
[Collection(PostgresServer.Shared)]
public sealed class OrleansTablesTests(PostgresServer server)
{
    private const string Cluster = "tables";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [RequiresFact(Requirement.Postgres)]
    public async Task Two_silos_find_each_other_and_leave_their_rows()
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(text);
        using IHost first = Silo("first", text);
        using IHost second = Silo("second", text);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        foreach (IHost silo in new[] { first, second })
            Assert.Equal([SiloStatus.Active, SiloStatus.Active], (await ActiveAsync(silo, count: 2)).Values);
        Assert.Equal("first,second", await database.ScalarAsync("select string_agg(name, ',' order by name) from vaecluster_silo where status = 3"));

        await second.StopAsync();
        Assert.Single(await ActiveAsync(first, count: 1));
        await first.StopAsync();
        const int Dead = (int)SiloStatus.Dead;
        Assert.Equal(2L, await database.ScalarAsync($"select count(*) from vaecluster_silo where status = {Dead}"));
        Assert.True((int)(await database.ScalarAsync("select version from vaecluster_membership"))! >= 8, "every change counts");
    }

    [RequiresFact(Requirement.Postgres)]
    public async Task A_change_of_membership_is_taken_only_with_the_newest_version()
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        using IHost host = Silo("unused", text);
        IMembershipTable table = host.Services.GetRequiredService<IMembershipTable>();
        await MembershipLaws.TakesAChangeOnlyWithTheNewestVersionAsync(table);
    }

    private static async Task<Dictionary<SiloAddress, SiloStatus>> ActiveAsync(IHost silo, int count)
    {
        IManagementGrain management = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Dictionary<SiloAddress, SiloStatus> hosts = await management.GetHosts(onlyActive: true);
            if (hosts.Count == count) return hosts;
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    private static IHost Silo(string name, string database)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, Cluster))
            .Configure<SiloOptions>(options => options.SiloName = name)
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = System.Net.IPAddress.Loopback;
                options.SiloPort = TcpPorts.Unused();
                options.GatewayPort = TcpPorts.Unused();
            })
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", database)));
        return builder.Build();
    }
}
