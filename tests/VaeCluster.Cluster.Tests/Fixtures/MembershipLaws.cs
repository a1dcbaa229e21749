using System.Globalization;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>What every table of members keeps to, wherever it keeps them.</summary>
internal static class MembershipLaws
{
    /// <summary>A change is taken from who has seen the last one, and from nobody else.</summary>
    internal static async Task TakesAChangeOnlyWithTheNewestVersionAsync(IMembershipTable table)
    {
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
