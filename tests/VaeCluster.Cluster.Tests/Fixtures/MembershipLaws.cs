using System.Globalization;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>What every table of members keeps to, wherever it keeps them.</summary>
internal static class MembershipLaws
{
    /// <summary>A change is taken from who has seen the last one, and from nobody else.</summary>
    internal static async Task TakesAChangeOnlyWithTheNewestVersionAsync(IMembershipTable table)
    {
        await table.InitializeMembershipTableAsync(true);
        await table.InitializeMembershipTableAsync(true);
        MembershipTableData empty = await table.ReadAllAsync();
        Assert.Empty(empty.Members);
        Assert.Equal(0, empty.Version.Version);

        MembershipEntry a = Entry(1), b = Entry(2);
        Assert.Equal([false, true], (await Task.WhenAll(table.InsertRowAsync(a, empty.Version.Next()), table.InsertRowAsync(b, empty.Version.Next()))).Order());
        MembershipTableData one = await table.ReadAllAsync();
        MembershipEntry there = Assert.Single(one.Members).Item1;
        Assert.False(await table.InsertRowAsync(there, one.Version.Next()), "a silo is added once");
        Assert.Equal(1, (await table.ReadAllAsync()).Version.Version);

        there.Status = SiloStatus.Dead;
        there.AddSuspector(SiloAddress.FromParsableString("127.0.0.1:1@9"), DateTime.UtcNow);
        Assert.False(await table.UpdateRowAsync(there, string.Empty, empty.Version.Next()));
        bool[] updates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => table.UpdateRowAsync(there, string.Empty, one.Version.Next())));
        Assert.Equal(1, updates.Count(done => done));
        MembershipTableData changed = await table.ReadRowAsync(there.SiloAddress);
        Assert.Equal(2, changed.Version.Version);
        Assert.Equal(SiloStatus.Dead, Assert.Single(changed.Members).Item1.Status);
        Assert.Single(changed.Members[0].Item1.SuspectTimes!);
        Assert.Empty((await table.ReadRowAsync(SiloAddress.FromParsableString("127.0.0.1:77@7"))).Members);
        Assert.False(await table.UpdateRowAsync(Entry(3), string.Empty, changed.Version.Next()), "a silo that is not there cannot change");

        DateTime alive = DateTime.UtcNow.AddDays(-1);
        there.IAmAliveTime = alive;
        await table.UpdateIAmAliveAsync(there);
        Assert.Equal(alive, (await table.ReadAllAsync()).Members[0].Item1.IAmAliveTime, TimeSpan.FromMilliseconds(1));
        await table.CleanupDefunctSiloEntriesAsync(alive.AddMinutes(-1));
        Assert.Single((await table.ReadAllAsync()).Members);
        await table.CleanupDefunctSiloEntriesAsync(alive.AddMinutes(1));
        Assert.Empty((await table.ReadAllAsync()).Members);
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
}
