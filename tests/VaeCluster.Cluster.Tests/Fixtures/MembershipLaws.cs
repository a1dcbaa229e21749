using System.Globalization;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>What every membership table guarantees. Like Orleans, these tests pass the etags of the last read.</summary>
internal static class MembershipLaws
{
    private static readonly SiloAddress Suspector = SiloAddress.FromParsableString("127.0.0.1:1@9");

    // Whole microseconds, as stored in a database.
    private static readonly DateTime Now = new(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc);

    /// <summary>A change is accepted only from a caller that has seen the last one.</summary>
    internal static async Task TakesAChangeOnlyWithTheNewestVersionAsync(IMembershipTable table)
    {
        await table.InitializeMembershipTableAsync(true);
        await table.InitializeMembershipTableAsync(true);
        MembershipTableData empty = await table.ReadAllAsync();
        Assert.Empty(empty.Members);
        Assert.Equal(0, empty.Version.Version);

        MembershipEntry a = Entry(1), b = Entry(2);
        bool[] added = await Task.WhenAll(table.InsertRowAsync(a, empty.Version.Next()), table.InsertRowAsync(b, empty.Version.Next()));
        Assert.Equal([false, true], added.Order());
        MembershipTableData one = await table.ReadAllAsync();
        (MembershipEntry there, string etag) = Assert.Single(one.Members);
        Assert.False(await table.InsertRowAsync(there, one.Version.Next()), "a silo is added once");
        Assert.Equal(1, (await table.ReadAllAsync()).Version.Version);

        there.Status = SiloStatus.Dead;
        there.AddSuspector(Suspector, Now);
        Assert.False(await table.UpdateRowAsync(there, etag, empty.Version.Next()), "the table has changed since");
        Assert.False(await table.UpdateRowAsync(there, "77", one.Version.Next()), "the row is not the one that was read");
        bool[] updates = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => table.UpdateRowAsync(there, etag, one.Version.Next())));
        Assert.Equal(1, updates.Count(done => done));
        MembershipTableData changed = await table.ReadRowAsync(there.SiloAddress);
        Assert.Equal(2, changed.Version.Version);
        Assert.Equal(SiloStatus.Dead, Assert.Single(changed.Members).Item1.Status);
        Assert.Single(changed.Members[0].Item1.SuspectTimes!);
        Assert.False(await table.UpdateRowAsync(there, etag, one.Version.Next()), "it was changed once from what was read");
        Assert.Empty((await table.ReadRowAsync(SiloAddress.FromParsableString("127.0.0.1:77@7"))).Members);
        string newest = changed.Members[0].Item2;
        Assert.False(await table.UpdateRowAsync(Entry(3), newest, changed.Version.Next()), "a silo that is not there cannot change");
        Assert.Equal(2, (await table.ReadAllAsync()).Version.Version);

        // The next read returns each row's current etag, also if another row was changed last.
        Assert.True(await table.InsertRowAsync(Entry(4), changed.Version.Next()));
        MembershipTableData two = await table.ReadAllAsync();
        (MembershipEntry first, string firstTag) = two.Members.Single(row => row.Item1.SiloAddress.Equals(there.SiloAddress));
        Assert.True(await table.UpdateRowAsync(first, firstTag, two.Version.Next()));
        Assert.Equal(4, (await table.ReadAllAsync()).Version.Version);
    }

    /// <summary>A heartbeat changes nothing else: rows read before it can still be changed, and the heartbeat is kept.</summary>
    internal static async Task ASignOfLifeIsNoChangeAsync(IMembershipTable table)
    {
        await table.InitializeMembershipTableAsync(true);
        Assert.True(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync()).Version.Next()));
        MembershipTableData before = await table.ReadAllAsync();
        (MembershipEntry read, string etag) = Assert.Single(before.Members);
        Assert.Equal(Now, read.IAmAliveTime);

        MembershipEntry alive = Entry(1);
        alive.IAmAliveTime = Now.AddSeconds(5);
        alive.Status = SiloStatus.Dead;
        await table.UpdateIAmAliveAsync(alive);
        MembershipTableData after = await table.ReadAllAsync();
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(Now.AddSeconds(5), after.Members[0].Item1.IAmAliveTime);
        Assert.Equal(SiloStatus.Joining, after.Members[0].Item1.Status);

        read.AddSuspector(Suspector, Now);
        Assert.True(await table.UpdateRowAsync(read, etag, before.Version.Next()));
        MembershipEntry suspected = Assert.Single((await table.ReadAllAsync()).Members).Item1;
        Assert.Single(suspected.SuspectTimes!);
        Assert.Equal(Now.AddSeconds(5), suspected.IAmAliveTime);
    }

    /// <summary>Only dead silos without recent news are removed.</summary>
    internal static async Task RemovesDeadSilosWithoutNewsAsync(IMembershipTable table)
    {
        await table.InitializeMembershipTableAsync(true);
        DateTime limit = Now.AddMinutes(-1), early = limit.AddHours(-1), late = limit.AddSeconds(1);
        await AddAsync(1, SiloStatus.Active, early, early, null);
        await AddAsync(2, SiloStatus.Joining, early, early, null);
        await AddAsync(3, SiloStatus.ShuttingDown, early, early, null);
        await AddAsync(4, SiloStatus.Stopping, early, early, null);
        await AddAsync(5, SiloStatus.Dead, early, early, null);
        await AddAsync(6, SiloStatus.Dead, late, early, null);
        await AddAsync(7, SiloStatus.Dead, early, late, null);
        await AddAsync(8, SiloStatus.Dead, early, early, late);
        await AddAsync(9, SiloStatus.Dead, early, early, early);
        TableVersion version = (await table.ReadAllAsync()).Version;

        await table.CleanupDefunctSiloEntriesAsync(early.AddMinutes(-1));
        Assert.Equal(9, (await table.ReadAllAsync()).Members.Count);
        await table.CleanupDefunctSiloEntriesAsync(limit);
        MembershipTableData left = await table.ReadAllAsync();
        Assert.Equal([1, 2, 3, 4, 6, 7, 8], left.Members.Select(row => row.Item1.SiloAddress.Generation).Order());
        Assert.Equal(version, left.Version);

        async Task AddAsync(int generation, SiloStatus status, DateTime started, DateTime alive, DateTime? suspected)
        {
            MembershipEntry entry = Entry(generation);
            (entry.StartTime, entry.IAmAliveTime) = (started, alive);
            Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
            MembershipTableData now = await table.ReadRowAsync(entry.SiloAddress);
            entry.Status = status;
            if (suspected is { } time) entry.AddSuspector(Suspector, time);
            Assert.True(await table.UpdateRowAsync(entry, now.Members[0].Item2, now.Version.Next()));
        }
    }

    private static MembershipEntry Entry(int generation) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:11111@{generation}")),
        SiloName = "s",
        HostName = "h",
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        StartTime = Now,
        IAmAliveTime = Now,
    };
}
