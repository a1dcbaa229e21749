using VaeCluster.Cluster.Tests.Fixtures;
using VaeCluster.Silo.Standalone;

namespace VaeCluster.Cluster.Tests.Standalone;

public sealed class FileMembershipTests
{
    [Fact]
    public async Task A_change_of_membership_is_taken_only_with_the_newest_version()
    {
        using var folder = new TemporaryFolder();
        await MembershipLaws.TakesAChangeOnlyWithTheNewestVersionAsync(new FileMembership(folder.Path, "files"));
    }

    [Fact]
    public async Task A_torn_file_holds_nobody()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder[".silos.json"], "{ \"clusterId\": ");
        var table = new FileMembership(folder.Path, "files");
        await table.InitializeMembershipTable(true);
        Assert.Empty((await table.ReadAll()).Members);
        Assert.Null(FileMembership.OtherCluster(folder.Path, "files"));
    }
}
