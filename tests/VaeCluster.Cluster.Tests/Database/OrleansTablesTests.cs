using System.Globalization;
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
        await table.InitializeMembershipTable(true);
        await table.InitializeMembershipTable(true);
        MembershipTableData empty = await table.ReadAll();
        Assert.Empty(empty.Members);
        Assert.Equal(0, empty.Version.Version);

        MembershipEntry a = Entry(1), b = Entry(2);
        Assert.Equal([false, true], (await Task.WhenAll(table.InsertRow(a, empty.Version.Next()), table.InsertRow(b, empty.Version.Next()))).Order());
        MembershipTableData one = await table.ReadAll();
        MembershipEntry there = Assert.Single(one.Members).Item1;
        Assert.False(await table.InsertRow(there, one.Version.Next()), "a silo is added once");
        Assert.Equal(1, (await table.ReadAll()).Version.Version);

        there.Status = SiloStatus.Dead;
        there.AddSuspector(SiloAddress.FromParsableString("127.0.0.1:1@9"), DateTime.UtcNow);
        Assert.False(await table.UpdateRow(there, string.Empty, empty.Version.Next()));
        bool[] updates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => table.UpdateRow(there, string.Empty, one.Version.Next())));
        Assert.Equal(1, updates.Count(done => done));
        MembershipTableData changed = await table.ReadRow(there.SiloAddress);
        Assert.Equal(2, changed.Version.Version);
        Assert.Equal(SiloStatus.Dead, Assert.Single(changed.Members).Item1.Status);
        Assert.Single(changed.Members[0].Item1.SuspectTimes);
        Assert.Empty((await table.ReadRow(SiloAddress.FromParsableString("127.0.0.1:77@7"))).Members);
        Assert.False(await table.UpdateRow(Entry(3), string.Empty, changed.Version.Next()), "a silo that is not there cannot change");

        DateTime alive = DateTime.UtcNow.AddDays(-1);
        there.IAmAliveTime = alive;
        await table.UpdateIAmAlive(there);
        Assert.Equal(alive, (await table.ReadAll()).Members[0].Item1.IAmAliveTime, TimeSpan.FromMilliseconds(1));
        await table.CleanupDefunctSiloEntries(alive.AddMinutes(-1));
        Assert.Single((await table.ReadAll()).Members);
        await table.CleanupDefunctSiloEntries(alive.AddMinutes(1));
        Assert.Empty((await table.ReadAll()).Members);
        await table.DeleteMembershipTableEntries(Cluster);
    }

    private static MembershipEntry Entry(int generation) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:11111@{generation}")),
        SiloName = "s",
        HostName = "h",
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        StartTime = DateTime.UtcNow,
        IAmAliveTime = DateTime.UtcNow,
    };

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
