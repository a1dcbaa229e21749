using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Service.Store;
using VaeCluster.Silo.Standalone;

namespace VaeCluster.Cluster.Tests.Standalone;

public sealed class FileMembershipTests
{
    [Fact]
    public async Task A_change_of_membership_requires_the_newest_version()
    {
        using var folder = new TemporaryFolder();
        await MembershipLaws.TakesAChangeOnlyWithTheNewestVersionAsync(new FileMembership(folder.Path, "files"));
    }

    [Fact]
    public async Task A_heartbeat_keeps_the_version_and_is_never_set_back()
    {
        using var folder = new TemporaryFolder();
        await MembershipLaws.ASignOfLifeIsNoChangeAsync(new FileMembership(folder.Path, "files"));
    }

    [Fact]
    public async Task Only_dead_silos_without_recent_news_are_removed()
    {
        using var folder = new TemporaryFolder();
        await MembershipLaws.RemovesDeadSilosWithoutNewsAsync(new FileMembership(folder.Path, "files"));
    }

    [Fact]
    public async Task A_caller_that_gives_up_waiting_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var table = new FileMembership(folder.Path, "files");
        await table.InitializeMembershipTableAsync(true);
        using var given = new CancellationTokenSource();
        using (await LockFile.TakeAsync(folder[".silos.json.lock"], default))
        {
            Task waiting = table.DeleteMembershipTableEntriesAsync("files", given.Token);
            Assert.False(waiting.IsCompleted);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.ReadAllAsync(given.Token));
        Assert.Equal(0, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task A_torn_file_counts_as_empty()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder[".silos.json"], "{ \"clusterId\": ");
        var table = new FileMembership(folder.Path, "files");
        await table.InitializeMembershipTableAsync(true);
        Assert.Empty((await table.ReadAllAsync()).Members);
        Assert.Null(FileMembership.OtherCluster(folder.Path, "files"));
    }
}
