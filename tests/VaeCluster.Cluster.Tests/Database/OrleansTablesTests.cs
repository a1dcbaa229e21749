using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Silo.Database;

namespace VaeCluster.Cluster.Tests.Database;

/// <summary>Orleans' own membership provider on the migrated tables.</summary>
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
        Assert.Equal("first,second",
            await database.ScalarAsync("select string_agg(name, ',' order by name) from vaecluster_silo where status = 3"));

        await second.StopAsync();
        Assert.Single(await ActiveAsync(first, count: 1));
        await first.StopAsync();
        const int Dead = (int)SiloStatus.Dead;
        Assert.Equal(2L, await database.ScalarAsync($"select count(*) from vaecluster_silo where status = {Dead}"));
        Assert.True((int)(await database.ScalarAsync("select version from vaecluster_membership"))! >= 8, "every change counts");
    }

    [RequiresFact(Requirement.Postgres)]
    public Task A_change_of_membership_requires_the_newest_version() =>
        WithTableAsync(MembershipLaws.TakesAChangeOnlyWithTheNewestVersionAsync);

    [RequiresFact(Requirement.Postgres)]
    public Task A_heartbeat_keeps_the_version_and_is_never_set_back() => WithTableAsync(MembershipLaws.ASignOfLifeIsNoChangeAsync);

    [RequiresFact(Requirement.Postgres)]
    public Task Only_dead_silos_without_recent_news_are_removed() => WithTableAsync(MembershipLaws.RemovesDeadSilosWithoutNewsAsync);

    [RequiresFact(Requirement.Postgres)]
    public async Task Bulk_removal_spares_live_and_suspected_silos()
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(text);
        await database.ScalarAsync("""
            insert into vaecluster_membership (cluster) values ('many');
            insert into vaecluster_silo (cluster, address, port, generation, name, host, status, gateway_port, suspicions, started, alive)
            select 'many', '::1', 1, n, n::text, 'h', case when n = 7 then 6 else n end, 0, case n when 7 then 'x' end, '2026-01-01', '2026-01-01'
            from generate_series(1, 7) n
            """);
        string query = (string)(await database.ScalarAsync("select QueryText from OrleansQuery where QueryKey = 'CleanupDefunctSiloEntriesKey'"))!;
        await using NpgsqlCommand command = database.CreateCommand(query);
        command.Parameters.AddWithValue("DeploymentId", "many");
        command.Parameters.AddWithValue("IAmAliveTime", new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        Assert.Equal("1,2,3,4,5,7", await database.ScalarAsync("select string_agg(name, ',' order by name) from vaecluster_silo"));
    }

    private async Task WithTableAsync(Func<IMembershipTable, Task> law)
    {
        string text = await server.CreateDatabaseAsync();
        await SchemaMigration.MigrateAsync(text, _ => { }, default);
        using IHost host = Silo("unused", text);
        await law(host.Services.GetRequiredService<IMembershipTable>());
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
